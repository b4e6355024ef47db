import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/**
 * The file descriptor of this process's netlink socket of a protocol and port:
 * by its inode, which /proc/net/netlink has for the port, and /proc/self/fd
 * for the descriptor. Undefined where /proc does not tell.
 */
export function descriptorOf(protocol: number, port: number): number | undefined {
  try {
    const link = `socket:[${inodeOf(protocol, port, readFileSync("/proc/net/netlink", "latin1"))}]`;
    const name = readdirSync("/proc/self/fd").find((name) => linkOf(`/proc/self/fd/${name}`) === link);
    return name === undefined ? undefined : Number(name);
  } catch {
    return undefined;
  }
}

/** Columns: address, protocol, port, groups, queues, references, drops, inode (net/netlink/af_netlink.c). */
function inodeOf(protocol: number, port: number, table: string): string | undefined {
  return table
    .split("\n")
    .map((line) => line.trim().split(/ +/))
    .find(([, first, second]) => Number(first) === protocol && Number(second) === port)
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
