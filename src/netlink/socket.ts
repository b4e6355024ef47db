/** Protocols of netlink sockets, linux/netlink.h. */
export const NETLINK_ROUTE = 0;
export const NETLINK_SOCK_DIAG = 4;
export const NETLINK_GENERIC = 16;

/** One datagram from a netlink socket, and the port that sent it (0 is the kernel). */
export interface Datagram {
  readonly data: Buffer;
  readonly port: number;
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
  /** Hands one datagram to the kernel. A failure rejects the receive that waits for the answer. */
  send(datagram: Buffer): void;
  /**
   * Puts a datagram of the kernel's that is there already into a buffer, for
   * what only asks, and returns its length in bytes; undefined where there is
   * none, or the socket cannot tell. Throws NetlinkError: ENOBUFS.
   */
  received(into: Buffer): number | undefined;
  /**
   * The next datagram. Rejects with NetlinkError: ENOBUFS when the queue
   * overflowed and replies were lost, ETIMEDOUT after `timeout` milliseconds.
   */
  receive(timeout: number): Promise<Datagram>;
  /** Throws away what has been received and not asked for. */
  discard(): void;
  close(): void;
}
