/** What makes a VIP come back with the next boot: files, and a unit of systemd that is enabled. */
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import type { IpAddress } from "../rtnetlink/ip";
import { systemReason } from "../netlink/errno-text";
import { replaceFile } from "../save-restore/replace-file";
import { SettingsFailure } from "../settings/failure";
import { TOOL_ENVIRONMENT } from "../settings/tool-environment";
import type { Setting } from "../settings/kinds";
import { type RealServerOptions, wordsOfOptions } from "./options";
import { wantedFor } from "./wanted";

/** What the unit reads: the options of its instance. */
export const optionsFile = (vip: string): string => `/etc/lvs/realserver/${vip}.conf`;
/** In force before any network device is up. */
export const sysctlFile = (vip: string): string => `/etc/sysctl.d/90-lvs-realserver@${vip}.conf`;
export const unitName = (vip: string): string => `lvs-realserver@${vip}.service`;

export const optionsText = (options: RealServerOptions): string =>
  `# Made by lvs-realserver --persist.\nLVS_REALSERVER_OPTIONS="${wordsOfOptions(options).join(" ")}"\n`;

/** A line that begins with "-" may fail: the tunnel's device comes with its module. */
export function sysctlText(settings: readonly Setting[]): string {
  const lines = settings.flatMap((setting) =>
    setting.kind === "sysctl" ? [`${/\/conf\/(all|lo)\//.test(setting.key) ? "" : "-"}${setting.key} = ${setting.value}\n`] : [],
  );
  return `# Made by lvs-realserver --persist.\n${lines.join("")}`;
}

/** Throws SettingsFailure where there is no systemd; to be asked before anything is changed. */
export function requireSystemd(): void {
  const { error } = spawnSync("systemctl", ["--version"], { stdio: "ignore", env: TOOL_ENVIRONMENT });
  if (error !== undefined) throw new SettingsFailure("--persist enables a unit of systemd, and there is no systemctl here");
}

/** The VIP comes back at boot. Throws SettingsFailure, with nothing left behind. */
export function persist(vip: IpAddress, options: RealServerOptions): void {
  const { address } = vip;
  try {
    write(optionsFile(address), optionsText(options));
    const settings = wantedFor(vip, options);
    if (settings.some(({ kind }) => kind === "sysctl")) write(sysctlFile(address), sysctlText(settings));
    systemctl("enable", address);
  } catch (error) {
    remove(address);
    throw error;
  }
}

/** It does not. Nothing happens where it did not before. */
export function unpersist({ address }: IpAddress): void {
  systemctl("disable", address);
  remove(address);
}

/** The same as commands, for rehearsals. */
export const persistCommands = (vip: IpAddress, options: RealServerOptions): string[] => [
  `write ${optionsFile(vip.address)}`,
  ...(wantedFor(vip, options).some(({ kind }) => kind === "sysctl") ? [`write ${sysctlFile(vip.address)}`] : []),
  `systemctl enable ${unitName(vip.address)}`,
];

export const unpersistCommands = ({ address }: IpAddress): string[] => [
  `systemctl disable ${unitName(address)}`,
  `rm -f ${optionsFile(address)} ${sysctlFile(address)}`,
];

function write(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    replaceFile(path, text, { allowEmpty: true });
  } catch (error) {
    throw new SettingsFailure(`${path} cannot be written: ${systemReason(error)}`);
  }
}

function remove(vip: string): void {
  for (const path of [optionsFile(vip), sysctlFile(vip)]) rmSync(path, { force: true });
}

function systemctl(verb: "enable" | "disable", vip: string): void {
  const { status, stderr, error } = spawnSync("systemctl", ["--quiet", verb, "--", unitName(vip)], { stdio: ["ignore", "ignore", "pipe"], encoding: "utf8", env: TOOL_ENVIRONMENT });
  if (status === 0) return;
  const [line = ""] = (error === undefined ? stderr : systemReason(error)).trim().split("\n").slice(-1);
  throw new SettingsFailure(`systemctl ${verb} ${unitName(vip)}: ${line || `status ${status}`}`);
}
