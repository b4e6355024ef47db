/**
 * A machine with this package over this machine's file tree: it lies where `npm install -g` puts it, and of the units of
 * the system only targets and slices are there.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";
import { Booted, ROOT, run } from "./booted";

const PACKAGE = "/usr/local/lib/node_modules/ipvsadm";
const UNITS = "/etc/systemd/system";
/** Those of Debian that only order others, and the one that ends it all. */
const TARGETS = "/usr/local/lib/targets";
/** What the units say, in the place of the journal. */
const LOG = "/run/services.log";

/** What this machine may have of ipvsadm's files, or another test have left. */
const CONFIGURATION = ["/etc/sysconfig", "/etc/default/ipvsadm", "/etc/ipvsadm.rules", "/etc/init.d/ipvsadm", "/etc/lvs"];

const SYSTEMD = { SYSTEMD_UNIT_PATH: `${UNITS}:${TARGETS}`, SYSTEMD_GENERATOR_PATH: "/nowhere" };

const BINS = z.object({ bin: z.record(z.string(), z.string()) });

export class Machine extends Booted {
  /** Installs it. The working folder is the package's. */
  constructor() {
    super("/", SYSTEMD);
    for (const path of [...CONFIGURATION, UNITS, TARGETS, PACKAGE]) this.remove(path);
    this.bind(process.cwd(), PACKAGE);
    this.write("/usr/local/bin/node", "");
    run("mount", "--bind", process.execPath, join(ROOT, "/usr/local/bin/node"));
    for (const [name, path] of Object.entries(BINS.parse(JSON.parse(readFileSync("package.json", "utf8"))).bin)) {
      this.link(join(PACKAGE, path), `/usr/local/bin/${name}`);
    }
    this.#targets();
    this.write(`${UNITS}/service.d/log.conf`, `[Service]\nStandardOutput=append:${LOG}\nStandardError=append:${LOG}\n`);
  }

  #targets(): void {
    const debian = "/usr/lib/systemd/system";
    const names = readdirSync(debian).filter((name) => /\.(target|slice)$|^systemd-poweroff/.test(name));
    if (names.length === 0) throw new Error(`no systemd in ${debian}: apt-get install systemd`);
    for (const name of names) this.link(join(debian, name), join(TARGETS, name));
    this.link("multi-user.target", join(TARGETS, "default.target"));
  }

  /** Puts a file of the package's folder system/ where the README says. */
  install(file: string, path: string, mode = "644"): void {
    run("install", "-D", "-m", mode, join("system", file), join(ROOT, path));
  }

  installUnit(file: string): void {
    this.install(file, join(UNITS, basename(file)));
  }

  /** What the units have said since it was asked last. */
  log(): string {
    const path = this.seen(LOG);
    if (!existsSync(path)) return "";
    const text = readFileSync(path, "utf8");
    writeFileSync(path, "");
    return text;
  }
}
