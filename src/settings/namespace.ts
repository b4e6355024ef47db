import { readFileSync, statSync } from "node:fs";
import { release } from "node:os";
import { z } from "zod";
import { readU32 } from "../netlink/bytes";
import { Connection } from "../netlink/connection";
import { MalformedMessage, NetlinkError } from "../netlink/errors";
import { NativeSocket } from "#native-socket";
import { NETLINK } from "../netlink/socket";
import type { RouteClient } from "../rtnetlink/route-client";

/** What tells one network namespace from every other, in time as well: its number is given to another after it. */
export const identity = z.object({
  /** Of the kernel's run: /proc/sys/kernel/random/boot_id. */
  boot: z.string(),
  /** The kernel's cookie of the namespace's own rtnetlink socket, never given twice in a run; null where no kernel module tells. */
  cookie: z.string().nullable(),
  /** Without a cookie: the hardware addresses of its links. */
  links: z.array(z.string()),
});
export type Identity = z.infer<typeof identity>;

/** The number of this process's network namespace, unlike that of all that are there now. */
export const namespaceNumber = (): number => statSync("/proc/self/ns/net").ino;

export async function readIdentity(route: RouteClient): Promise<Identity> {
  const links = (await route.links()).map(({ mac }) => mac).filter((mac) => /[1-9a-f]/.test(mac));
  return { boot: readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim(), cookie: (await cookie()) ?? null, links };
}

/** Whether a record of `then` is of the namespace `now`. */
export function isSame(then: Identity, now: Identity): boolean {
  if (then.boot !== now.boot) return false;
  if (then.cookie !== null && now.cookie !== null) return then.cookie === now.cookie;
  // Links come and go; where all of them went, it is another namespace.
  return then.links.length === 0 || then.links.some((mac) => now.links.includes(mac));
}

/** SOCK_DIAG_BY_FAMILY, linux/sock_diag.h. */
const BY_FAMILY = 20;
const AF_NETLINK = 16;
/** `struct netlink_diag_req` and `struct netlink_diag_msg`, linux/netlink_diag.h. */
const REQUEST = 20;
const ANSWER = 28;
const PROTOCOL_AT = 2;
const PORT_AT = 4;
const COOKIE_AT = 20;

/** Before Linux 5.4, each namespace counted its own cookies (sock_gen_cookie in net/core/sock_diag.c). */
function cookiesAreUnique(): boolean {
  const [major = 0, minor = 0] = release().split(".").map(Number);
  return major > 5 || (major === 5 && minor >= 4);
}

/** Undefined where the kernel has no netlink_diag. */
async function cookie(): Promise<string | undefined> {
  if (!cookiesAreUnique()) return undefined;
  const operation = "asking which namespace this is";
  const connection = new Connection(new NativeSocket(NETLINK.SOCK_DIAG));
  const head = Buffer.alloc(REQUEST);
  head[0] = AF_NETLINK;
  head[1] = NETLINK.ROUTE;
  try {
    const request = { operation, type: BY_FAMILY, flags: 0, head, attributes: new Uint8Array(0) };
    const sockets = await connection.dump(request, ({ buffer, start, end }) => {
      if (end - start < ANSWER) throw new MalformedMessage(operation, `a socket of ${end - start} bytes`);
      const own = buffer[start + PROTOCOL_AT] === NETLINK.ROUTE && readU32(buffer, start + PORT_AT) === 0;
      return own ? Buffer.from(buffer.slice(start + COOKIE_AT, start + ANSWER)).toString("hex") : undefined;
    });
    return sockets.find((one) => one !== undefined);
  } catch (error) {
    if (error instanceof NetlinkError && !(error instanceof MalformedMessage)) return undefined;
    throw error;
  } finally {
    connection.close();
  }
}
