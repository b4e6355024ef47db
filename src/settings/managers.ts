/**
 * systemd-networkd and NetworkManager take addresses away that they know nothing of, in silence and long after `start`.
 * Whether one of them manages a device is in the files that they keep below /run, which are found by the device's number.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import type { Outcome, Wanted } from "./engine";
import type { Setting } from "./kinds";
import type { Machine } from "./machine";

/** An address that we have put on a device. */
export interface OwnAddress {
  readonly link: string;
  readonly index: number;
  readonly address: string;
}

/** What a start came to, with a warning for each device that somebody manages who will take the addresses from it. */
export const withManagers = async <T extends Outcome>(machine: Machine, wanted: readonly Wanted[], outcome: T): Promise<T> => {
  const warnings = await managerWarnings(machine, wanted.flatMap(({ settings }) => settings));
  return { ...outcome, warnings: [...outcome.warnings, ...warnings] };
};

async function managerWarnings(machine: Machine, settings: readonly Setting[]): Promise<string[]> {
  if (!isFirstNamespace()) return [];
  const addresses: OwnAddress[] = [];
  for (const setting of settings) {
    if (setting.kind !== "address") continue;
    const link = await machine.route.link(setting.link);
    if (link !== undefined) addresses.push({ link: link.name, index: link.index, address: setting.address });
  }
  return warningsFor(addresses);
}

/** The same, for files below another root. */
export function warningsFor(addresses: readonly OwnAddress[], root = "/"): string[] {
  const byDevice = new Map<number, OwnAddress[]>();
  for (const address of addresses) byDevice.set(address.index, [...(byDevice.get(address.index) ?? []), address]);
  return [...byDevice].flatMap(([index, own]) => [...networkd(root, index, own), ...networkManager(root, index, own)]);
}

/**
 * They manage the devices of the namespace that they run in, which is that of process 1. The numbers of devices begin
 * again in every other. The file is another one in each namespace, and whoever may see it need not be root.
 */
function isFirstNamespace(): boolean {
  try {
    return statSync("/proc/1/net/dev").ino === statSync("/proc/self/net/dev").ino;
  } catch {
    return false;
  }
}

/** Lines KEY=VALUE, by the section that they are in, of a file that may not be there. */
function* assignments(path: string): Generator<{ section: string; key: string; value: string }> {
  let section = "";
  for (const line of contents(path).split("\n")) {
    const [, heading] = /^\s*\[([^\]]*)\]\s*$/.exec(line) ?? [];
    if (heading !== undefined) section = heading;
    const [, key, value] = /^\s*([A-Za-z][\w-]*)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) yield { section, key, value };
  }
}

/** Nobody has it, or we may not read it: nothing is known. */
function contents(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function filesIn(folder: string, ending: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith(ending)).map((name) => join(folder, name));
  } catch {
    return [];
  }
}

const listed = (own: readonly OwnAddress[]): string => own.map(({ address }) => address).join(", ");
/** Of an address as a file has it, with its prefix or without. */
const bare = (text: string): string => text.split(/[/,\s]/)[0] ?? "";

/** Where files of networks and of their drop-ins are looked for, as systemd.network(5) has it. */
const NETWORKS = ["etc/systemd/network", "run/systemd/network", "usr/local/lib/systemd/network", "usr/lib/systemd/network", "lib/systemd/network"];
/** Values of KeepConfiguration= by which what somebody else has added stays. */
const KEEPS = /^(yes|y|true|t|on|1|static)$/i;

function networkd(root: string, index: number, own: readonly OwnAddress[]): string[] {
  const state = new Map([...assignments(join(root, `run/systemd/netif/links/${index}`))].map(({ key, value }) => [key, value]));
  const network = state.get("NETWORK_FILE");
  if (network === undefined || state.get("ADMIN_STATE") === "unmanaged") return [];
  const dropIns = NETWORKS.flatMap((folder) => filesIn(join(root, folder, `${basename(network)}.d`), ".conf"));
  let keeps = false;
  const known = new Set<string>();
  for (const path of [join(root, network), ...dropIns]) {
    for (const { section, key, value } of assignments(path)) {
      if (section === "Network" && key === "KeepConfiguration") keeps = KEEPS.test(value);
      if (key === "Address") known.add(bare(value));
    }
  }
  const taken = keeps ? [] : own.filter(({ address }) => !known.has(address));
  const [one] = taken;
  if (one === undefined) return [];
  const subject = `${one.link}: systemd-networkd manages it and takes ${listed(taken)} away when it restarts`;
  return [`${subject}: put KeepConfiguration=static under [Network] in ${network}`];
}

/** Where NetworkManager's profiles are, as NetworkManager.conf(5) and nm-settings-keyfile(5) have it. */
const PROFILES = ["etc/NetworkManager/system-connections", "run/NetworkManager/system-connections", "usr/lib/NetworkManager/system-connections"];

function networkManager(root: string, index: number, own: readonly OwnAddress[]): string[] {
  const state = new Map([...assignments(join(root, `run/NetworkManager/devices/${index}`))].map(({ key, value }) => [key, value]));
  if (state.get("managed") !== "true") return [];
  const profile = state.get("connection-uuid");
  const known = profile === undefined ? new Set<string>() : addressesOfProfile(root, profile);
  const taken = own.filter(({ address }) => !known.has(address));
  const [one] = taken;
  if (one === undefined) return [];
  const { link } = one;
  // NetworkManager has no profile of its own for lo: activating and reapplying leave it alone.
  const [when, mend] =
    link === "lo" || profile === undefined
      ? ['at "nmcli networking off"', `nmcli device set ${link} managed no`]
      : [
          `at "nmcli device reapply ${link}" and "nmcli connection up"`,
          `nmcli connection modify ${profile} ${taken.map(addition).join(" ")}`,
        ];
  return [`${link}: NetworkManager manages it and takes ${listed(taken)} away ${when}: ${mend}`];
}

const addition = ({ address }: OwnAddress): string =>
  address.includes(":") ? `+ipv6.addresses ${address}/128` : `+ipv4.addresses ${address}/32`;

function addressesOfProfile(root: string, uuid: string): Set<string> {
  for (const path of PROFILES.flatMap((folder) => filesIn(join(root, folder), ".nmconnection"))) {
    const lines = [...assignments(path)];
    if (!lines.some(({ section, key, value }) => section === "connection" && key === "uuid" && value === uuid)) continue;
    return new Set(
      lines.filter(({ section, key }) => /^ipv[46]$/.test(section) && /^address\d*$/.test(key)).map(({ value }) => bare(value)),
    );
  }
  return new Set();
}
