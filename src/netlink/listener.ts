import type { NetlinkError } from "./errors";
import type { Datagram } from "./socket";

/** What came: a datagram; or why one did not, ENOBUFS where the queue overflowed and some were lost. */
export type Heard = Datagram | NetlinkError;

/**
 * A netlink socket that only hears what the kernel tells of by itself, in its
 * multicast groups. It never blocks the thread, and keeps the process alive
 * until it is closed.
 */
export interface NetlinkListener {
  close(): void;
}

/** How long a notification may be, in bytes: the kernel makes one of a link, with all its attributes, no longer than this. */
export const LONGEST = 32_768;
