/** What makes a VIP come back with the next boot: files, and a unit of systemd that is enabled. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { replaceFile } from "../save-restore/replace-file";
import { SettingsFailure } from "./failure";
import { AF } from "../ipvs/constants";
import type { Family } from "../ipvs/model";
import { bind, type Setting } from "./kinds";
import type { Machine } from "./machine";
import { deviceOf, sysctlName } from "./sysctl";

type SysctlSetting = Extract<Setting, { kind: "sysctl" }>;

/** What a program's VIPs are called in the system. */
export interface Persistence {
  readonly program: string;
  /** Of the options' files: /etc/lvs/FOLDER/VIP.conf. */
  readonly folder: string;
  /** What the unit passes on. */
  readonly variable: string;
}

/** A VIP that is to come back. */
export interface Lasting {
  readonly vip: string;
  readonly options: readonly string[];
  readonly settings: readonly Setting[];
}

const ETC = "/etc/lvs";
const SYSCTLS = "/etc/sysctl.d";
const HEAD = (program: string): string => `# Made by ${program} --persist.\n`;

export const optionsFile = ({ folder }: Persistence, vip: string): string => `${ETC}/${folder}/${vip}.conf`;
/** Files are read in the order of their names: this comes behind 99-*.conf. */
export const sysctlFile = ({ program }: Persistence, vip: string): string => `${SYSCTLS}/zz-${program}@${vip}.conf`;
/** As older versions called it. */
const oldSysctlFile = ({ program }: Persistence, vip: string): string => `${SYSCTLS}/90-${program}@${vip}.conf`;
export const unitName = ({ program }: Persistence, vip: string): string => `${program}@${vip}.service`;

export const optionsText = ({ program, variable }: Persistence, options: readonly string[]): string => `${HEAD(program)}${variable}="${options.join(" ")}"\n`;

/** The sysctl that a setting is; none for those that are none. */
function sysctlOf(setting: Setting): SysctlSetting[] {
  if (setting.kind === "sysctl") return [setting];
  return setting.kind === "forwarding" ? [{ kind: "sysctl", key: FORWARDING[setting.family], value: 1 }] : [];
}

const FORWARDING: Readonly<Record<Family, string>> = { [AF.INET]: "net/ipv4/ip_forward", [AF.INET6]: "net/ipv6/conf/all/forwarding" };

/**
 * A line that begins with "-" may fail: a device may come later, and what is of a module with it. What is stricter now stays
 * so.
 */
export function sysctlText({ program }: Persistence, settings: readonly Setting[], machine: Pick<Machine, "sysctls">): string {
  const lines = settings.flatMap(sysctlOf).map((setting) => {
    const { key, value } = setting;
    const now = machine.sysctls.read(key);
    const kept = now !== undefined && bind(setting).holds(now) ? now : value;
    const may = (deviceOf(key) !== undefined && deviceOf(key) !== "lo") || key.startsWith("net/ipv4/vs/");
    return `${may ? "-" : ""}${key} = ${kept}\n`;
  });
  return lines.length === 0 ? "" : `${HEAD(program)}${lines.join("")}`;
}

const UNIT_FOLDERS = ["/etc/systemd/system", "/run/systemd/system", "/usr/local/lib/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"];

/** Throws SettingsFailure where there is no systemd, or no unit; to be asked before anything is changed. */
export function requireSystemd({ program }: Persistence): void {
  const { error } = spawnSync("systemctl", ["--version"], { stdio: "ignore" });
  if (error !== undefined) throw new SettingsFailure("--persist enables a unit of systemd, and there is no systemctl here");
  const unit = `${program}@.service`;
  if (UNIT_FOLDERS.some((folder) => existsSync(join(folder, unit)))) return;
  const own = ownUnit(unit);
  const mend = own === undefined ? "ipvsadm --install / installs it" : `cp ${own} /etc/systemd/system/`;
  throw new SettingsFailure(`${unit}: the unit is not installed: ${mend}`);
}

/** The file beside the programs, of an installation by npm or of a tree; the executable carries its own. */
function ownUnit(unit: string): string | undefined {
  try {
    return realpathSync(join(dirname(realpathSync(process.argv[1] ?? "")), "../system", unit));
  } catch {
    return undefined;
  }
}

/** The VIP comes back at boot. Returns what still wins over its sysctls. Throws SettingsFailure, with nothing left behind. */
export function persist(how: Persistence, { vip, options, settings }: Lasting, machine: Machine): string[] {
  const text = sysctlText(how, settings, machine);
  const [kept, old] = [optionsFile(how, vip), sysctlFile(how, vip)].map((path) => (existsSync(path) ? readFileSync(path, "utf8") : undefined));
  const made: string[] = [];
  try {
    made.push(...write(optionsFile(how, vip), optionsText(how, options)));
    if (text === "") rmSync(sysctlFile(how, vip), { force: true });
    else made.push(...write(sysctlFile(how, vip), text));
    systemctl(how, "enable", vip);
  } catch (error) {
    // What was persistent before stays so.
    back(optionsFile(how, vip), kept);
    back(sysctlFile(how, vip), old);
    for (const folder of made) if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
    throw error;
  }
  const warnings = removeOwn(how, oldSysctlFile(how, vip));
  return [...warnings, ...winners(how, vip, settings)];
}

/** It does not. Nothing happens where it did not before. */
export function unpersist(how: Persistence, vip: string): string[] {
  systemctl(how, "disable", vip);
  rmSync(optionsFile(how, vip), { force: true });
  rmSync(sysctlFile(how, vip), { force: true });
  for (const folder of [dirname(optionsFile(how, vip)), ETC]) if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
  return removeOwn(how, oldSysctlFile(how, vip));
}

/** The VIPs that come back at boot. */
export function persistent({ folder, program }: Persistence): string[] {
  const path = `${ETC}/${folder}`;
  if (!existsSync(path)) return [];
  const own = readdirSync(path).filter((name) => name.endsWith(".conf") && readFileSync(join(path, name), "utf8").startsWith(HEAD(program)));
  return own.map((name) => basename(name, ".conf"));
}

/** The same as commands, for rehearsals. */
export const persistCommands = (how: Persistence, { vip, settings }: Lasting): string[] => [
  `write ${optionsFile(how, vip)}`,
  ...(settings.some((setting) => sysctlOf(setting).length > 0) ? [`write ${sysctlFile(how, vip)}`] : []),
  `systemctl enable ${unitName(how, vip)}`,
];

export const unpersistCommands = (how: Persistence, vip: string): string[] => [
  `systemctl disable ${unitName(how, vip)}`,
  `rm -f ${optionsFile(how, vip)} ${sysctlFile(how, vip)}`,
];

/** Returns the folders that were made. */
function write(path: string, text: string): string[] {
  const made: string[] = [];
  for (let folder = dirname(path); !existsSync(folder); folder = dirname(folder)) made.push(folder);
  try {
    mkdirSync(dirname(path), { recursive: true });
    replaceFile(path, text, { allowEmpty: true });
  } catch (error) {
    for (const folder of made) if (existsSync(folder)) rmdirSync(folder);
    throw new SettingsFailure(`${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  }
  return made;
}

function back(path: string, text: string | undefined): void {
  if (text === undefined) rmSync(path, { force: true });
  else replaceFile(path, text, { allowEmpty: true });
}

/** An older version's file is removed, if nobody else wrote it. */
function removeOwn({ program }: Persistence, path: string): string[] {
  if (!existsSync(path)) return [];
  if (!readFileSync(path, "utf8").startsWith(HEAD(program))) return [`${path}: not made by ${program}: left alone`];
  rmSync(path);
  return [];
}

/** In the order of their weight: a name in one hides the same name in those behind it (sysctl.d(5)). */
const SYSCTL_FOLDERS = [SYSCTLS, "/run/sysctl.d", "/usr/local/lib/sysctl.d", "/usr/lib/sysctl.d", "/lib/sysctl.d"];
/** "sysctl --system" reads it last. */
const SYSCTL_CONF = "/etc/sysctl.conf";

/** What is read behind our file and sets one of its sysctls to something else. */
function winners(how: Persistence, vip: string, settings: readonly Setting[]): string[] {
  const own = basename(sysctlFile(how, vip));
  const files = new Map<string, string>();
  for (const folder of [...SYSCTL_FOLDERS].reverse()) {
    for (const name of existsSync(folder) ? readdirSync(folder) : []) if (name.endsWith(".conf") && name > own) files.set(name, join(folder, name));
  }
  const later = [...files].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, path]) => path);
  return [...later, SYSCTL_CONF].flatMap((path) =>
    linesOf(path).flatMap(({ key, value, line }) => {
      const ours = settings.flatMap(sysctlOf).find((setting) => setting.key === key);
      if (ours === undefined || bind(ours).holds(value)) return [];
      return [`${path}: line ${line} sets ${sysctlName(key)} to ${value}, and is read after ${sysctlFile(how, vip)}: it wins`];
    }),
  );
}

/** sysctl.d(5): "-" before a key forgives, a key with a slash first has dots in names. */
function linesOf(path: string): { key: string; value: string; line: number }[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return [];
  }
  return text.split("\n").flatMap((one, at) => {
    const found = /^\s*-?([^#;=\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(one);
    if (found === null) return [];
    const [, name = "", value = ""] = found;
    const key = /^[^./]*\//.test(name) ? name : name.replace(/[./]/g, (character) => (character === "." ? "/" : "."));
    return [{ key, value, line: at + 1 }];
  });
}

function systemctl(how: Persistence, verb: "enable" | "disable", vip: string): void {
  const unit = unitName(how, vip);
  const { status, stderr, error } = spawnSync("systemctl", ["--quiet", verb, "--", unit], { stdio: ["ignore", "ignore", "pipe"], encoding: "utf8" });
  if (status === 0) return;
  const [line = ""] = (error?.message ?? stderr).trim().split("\n").slice(-1);
  throw new SettingsFailure(`systemctl ${verb} ${unit}: ${line || `status ${status}`}`);
}
