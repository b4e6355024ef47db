/** The schedulers and persistence engines that rules name, which the kernel has as modules: ip_vs_rr, ip_vs_pe_sip. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { release } from "node:os";
import type { Service } from "../ipvs/model";

/** Of all of Linux's releases (net/netfilter/ipvs/Kconfig). */
const SCHEDULERS: ReadonlySet<string> = new Set([
  "rr", "wrr", "lc", "wlc", "fo", "ovf", "lblc", "lblcr", "dh", "sh", "mh", "sed", "nq", "twos",
]);
const ENGINES: ReadonlySet<string> = new Set(["sip"]);
const NAME = /^[a-z0-9_-]+$/i;
const MODPROBE = "/sbin/modprobe";

/** "scheduler rr", and the module that has it. */
interface KernelName {
  readonly what: string;
  readonly name: string;
  readonly module: string;
  readonly known: boolean;
}

function namesOf({ scheduler, engine }: Service): KernelName[] {
  const names = [{ what: "scheduler", name: scheduler, module: `ip_vs_${scheduler}`, known: SCHEDULERS.has(scheduler) }];
  if (engine !== "") names.push({ what: "persistence engine", name: engine, module: `ip_vs_pe_${engine}`, known: ENGINES.has(engine) });
  return names;
}

export interface NameWarning {
  readonly service: Service;
  readonly message: string;
}

/** What no Linux has, each name once. Asks no kernel. */
export const unheardOf = (services: Iterable<Service>): NameWarning[] =>
  warnings(services, ({ known }) => !known, ({ what, name }) => `no Linux has a ${what} ${name}`);

/** What this kernel has neither loaded nor as a module; nothing where it does not tell which modules there are. */
export function unavailable(services: Iterable<Service>, loaded: ReadonlySet<string>): NameWarning[] {
  if (!existsSync(`/lib/modules/${release()}/modules.dep`)) return [];
  return warnings(services, ({ name, module }) => !loaded.has(name) && !isAvailable(module), ({ what, name }) => `${what} ${name} is neither loaded nor among this kernel's modules`);
}

/** What services use is loaded. */
export const namesInUse = (services: Iterable<Service>): ReadonlySet<string> =>
  new Set([...services].flatMap(({ scheduler, engine }) => [scheduler, engine]));

function isAvailable(module: string): boolean {
  if (!NAME.test(module)) return false;
  return existsSync(`/sys/module/${module}`) || spawnSync(MODPROBE, ["--dry-run", "--quiet", "--", module], { stdio: "ignore" }).status === 0;
}

function warnings(services: Iterable<Service>, isMissing: (name: KernelName) => boolean, message: (name: KernelName) => string): NameWarning[] {
  const seen = new Set<string>();
  const found: NameWarning[] = [];
  for (const service of services) {
    for (const name of namesOf(service)) {
      if (seen.has(name.module)) continue;
      seen.add(name.module);
      if (isMissing(name)) found.push({ service, message: message(name) });
    }
  }
  return found;
}
