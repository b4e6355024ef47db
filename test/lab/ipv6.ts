import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

/** IPv6 is a module in user-mode Linux 6, and built in from Linux 7 on, where modprobe knows no such name. */
export function loadIpv6(): void {
  if (!existsSync("/proc/sys/net/ipv6")) execFileSync("modprobe", ["-q", "ipv6"]);
}
