/** Protocols of netlink sockets, NETLINK_* of linux/netlink.h. */
export enum NETLINK { ROUTE = 0, SOCK_DIAG = 4, GENERIC = 16 }

/**
 * How many bytes a socket offers for a datagram. The kernel makes a dump's
 * pieces as large as the largest offer so far, up to 32 KiB, and at least as a
 * page, or 8 KiB where pages are larger (netlink_dump in af_netlink.c,
 * NLMSG_GOODSIZE in linux/netlink.h).
 *
 * One long dump wants large pieces: the kernel may walk from the table's
 * beginning for each. Many short dumps want small ones: it allocates as much
 * for a dump of one server.
 */
export const OFFER = { long: 32_768, short: process.arch === "x64" ? 4_096 : 8_192 } as const;
/** One of them, in bytes. */
export type Offer = (typeof OFFER)[keyof typeof OFFER];

/** The port that the kernel sends from. */
export const KERNEL = 0;

/** One datagram from a netlink socket, and the port that sent it. */
export interface Datagram {
  readonly data: Uint8Array;
  readonly port: number;
}

/** A datagram of the kernel's in a buffer of the socket's own: it lies there until the next. */
export interface Received {
  readonly buffer: Uint8Array;
  /** In bytes. */
  readonly length: number;
}

/**
 * A netlink socket, bound to a port of its own. Two runtimes, two
 * implementations; nothing above this interface knows which it has.
 */
export interface NetlinkSocket {
  /** The size of the kernel's queue for this socket, in bytes (SO_RCVBUF). */
  readonly receiveBufferSize: number;
  /** The largest datagram that can be sent, in bytes (SO_SNDBUF). */
  readonly sendBufferSize: number;
  /** Hands one datagram to the kernel: so many bytes of a buffer. A failure rejects the receive that waits for the answer. */
  send(buffer: Uint8Array, length: number): void;
  /**
   * A datagram that is there already; undefined where there is none, or the
   * socket cannot tell. Throws NetlinkError: ENOBUFS.
   */
  received(): Received | undefined;
  /** Whether what is received so is surely the kernel's; where it is not, it is good enough for what only asks. */
  readonly knowsSender: boolean;
  /**
   * The next datagram. Rejects with NetlinkError: ENOBUFS when the queue
   * overflowed and replies were lost, ETIMEDOUT after `timeout` milliseconds.
   */
  receive(timeout: number): Promise<Datagram>;
  /** Throws away what has been received and not asked for. */
  discard(): void;
  close(): void;
}
