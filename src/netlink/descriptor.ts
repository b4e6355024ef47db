import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { NETLINK_GENERIC } from "./socket";


/**
 * The file descriptor of this process's generic netlink socket with a port:
 * by its inode, which /proc/net/netlink has for the port, and /proc/self/fd
 * for the descriptor. Undefined where /proc does not tell.
 */
export function descriptorOf(port: number): number | undefined {
  try {
    const link = `socket:[${inodeOf(port, readFileSync("/proc/net/netlink", "latin1"))}]`;
    const name = readdirSync("/proc/self/fd").find((name) => linkOf(`/proc/self/fd/${name}`) === link);
    return name === undefined ? undefined : Number(name);
  } catch {
    return undefined;
  }
}

/** Columns: address, protocol, port, groups, queues, references, drops, inode (net/netlink/af_netlink.c). */
function inodeOf(port: number, table: string): string | undefined {
  return table
    .split("\n")
    .map((line) => line.trim().split(/ +/))
    .find(([, protocol, owner]) => Number(protocol) === NETLINK_GENERIC && Number(owner) === port)
    ?.at(-1);
}

/** A descriptor may be gone by the time that it is looked at: that of the folder itself is. */
function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
