import { AF } from "../ipvs/constants";
import { AttributeReader } from "../netlink/attributes";
import { ERRNO, MalformedMessage, NetlinkError } from "../netlink/errors";
import type { Heard } from "../netlink/listener";
import { type Message, messages } from "../netlink/message";
import { KERNEL, NETLINK } from "../netlink/socket";
import { NativeListener } from "#native-listener";
import { ROUTE_HEAD } from "./codec";
import { GROUP, RT_TABLE_LOCAL, RTA, RTM, RTN_LOCAL } from "./constants";
import { addressLength, addressText, hostPrefix } from "./ip";

/** What the kernel told of. */
export type Change =
  /** A link, an address, or a setting of a device. */
  | { readonly kind: "changed" }
  /** The route that delivers an address of this machine to it. */
  | { readonly kind: "route"; readonly address: string }
  /** More than the socket's queue could hold: anything may have changed. */
  | { readonly kind: "overflow" };

export interface Notifications {
  close(): void;
}

const GROUPS: readonly number[] = [
  GROUP.LINK,
  GROUP.IPV4_ADDRESS,
  GROUP.IPV6_ADDRESS,
  GROUP.IPV4_ROUTE,
  GROUP.IPV6_ROUTE,
  GROUP.IPV4_NETCONF,
  GROUP.IPV6_NETCONF,
];
const OPERATION = "listening to the kernel";

/**
 * Hears what changes in this process's network namespace. `failed` is told why
 * nothing more will come. Throws NetlinkError.
 */
export const openNotifications = (changed: (change: Change) => void, failed: (error: NetlinkError) => void): Notifications =>
  new NativeListener(NETLINK.ROUTE, GROUPS, (what) => {
    try {
      for (const change of changesOf(what)) changed(change);
    } catch (error) {
      if (!(error instanceof NetlinkError)) throw error;
      failed(error);
    }
  });

/** What a datagram tells of. Throws NetlinkError where the socket failed for good. */
export function changesOf(what: Heard): Change[] {
  if (what instanceof NetlinkError) {
    if (what.errno === ERRNO.ENOBUFS || what.errno === ERRNO.EMSGSIZE) return [{ kind: "overflow" }];
    throw what;
  }
  if (what.port !== KERNEL) return [];
  try {
    return messages(what.data, OPERATION).flatMap(changeOf);
  } catch (error) {
    // It is not known what the kernel told of.
    if (error instanceof MalformedMessage) return [{ kind: "overflow" }];
    throw error;
  }
}

/** Nothing of what can be no setting of ours: a router hears of thousands of routes. */
function changeOf(message: Message): Change[] {
  if (message.type !== RTM.NEWROUTE && message.type !== RTM.DELROUTE) return [{ kind: "changed" }];
  if (message.end - message.start < ROUTE_HEAD) throw new MalformedMessage(OPERATION, `a route of ${message.end - message.start} bytes`);
  const [family, prefix, , , table, , , type] = message.buffer.subarray(message.start, message.start + ROUTE_HEAD);
  if (family !== AF.INET && family !== AF.INET6) return [];
  // A route of another type in the place of the local one is told of as new.
  const isWanted = message.type === RTM.NEWROUTE && type === RTN_LOCAL;
  if (table !== RT_TABLE_LOCAL || prefix !== hostPrefix(family) || isWanted) return [];
  const attributes = new AttributeReader(message.buffer, message.start + ROUTE_HEAD, message.end, OPERATION);
  while (attributes.next()) {
    if (attributes.type === RTA.DST) return [{ kind: "route", address: addressText(family, attributes.bytes(addressLength(family))) }];
  }
  return [];
}
