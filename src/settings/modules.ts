import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { systemReason } from "../netlink/errno-text";
import { SettingsFailure } from "./failure";

const MODPROBE = "/sbin/modprobe";

/** The kernel's modules. */
export class Modules {
  /** Also where it is built in. */
  loaded(name: string): boolean {
    return existsSync(`/sys/module/${name}`);
  }

  /** Throws SettingsFailure. */
  load(name: string): void {
    const { status, stderr, error } = spawnSync(MODPROBE, ["--", name], { stdio: ["ignore", "ignore", "pipe"], encoding: "utf8" });
    if (status === 0) return;
    const [line = ""] = (error === undefined ? stderr : `${MODPROBE}: ${systemReason(error)}`).trim().split("\n", 1);
    throw new SettingsFailure(`the kernel module ${name} cannot be loaded: ${line || `${MODPROBE} ended with status ${status}`}`);
  }
}
