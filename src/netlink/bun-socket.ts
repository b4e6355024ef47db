import { errno, libc } from "../files/libc";
import { readU32, writeU16, writeU32 } from "./bytes";
import { ERRNO, NetlinkError } from "./errors";
import type { Datagram, NetlinkSocket } from "./socket";

/** What datagrams are read into, in bytes: the kernel's pieces have 32 KiB at most (netlink_dump in af_netlink.c). */
const RECEIVE_SIZE = 65_536;

/** bits/socket.h, asm-generic/socket.h and poll.h: those of every architecture that Bun runs on. */
const AF_NETLINK = 16;
const SOCK_RAW = 3;
const SOCK_CLOEXEC = 0o2000000;
const MSG_DONTWAIT = 0x40;
const MSG_TRUNC = 0x20;
const SOL_SOCKET = 1;
const SO_SNDBUF = 7;
const SO_RCVBUF = 8;
const POLLIN = 1;
/** `struct sockaddr_nl`, linux/netlink.h: family, padding, port, groups. */
const ADDRESS = 12;
const PORT_AT = 4;

const failure = (operation: string): NetlinkError => new NetlinkError(operation, errno());

/**
 * A netlink socket by libc's own functions, for Bun, which cannot load the
 * npm package's addon. The kernel answers within the send, so that what is
 * waited for is nearly always there: nothing goes through the event loop.
 */
export class BunSocket implements NetlinkSocket {
  readonly receiveBufferSize: number;
  readonly sendBufferSize: number;
  readonly #descriptor: number;
  readonly #address = Buffer.alloc(ADDRESS);
  readonly #length = Buffer.alloc(4);
  readonly #buffer = Buffer.allocUnsafe(RECEIVE_SIZE);
  /** Why the last datagram was not sent: whoever waits for its answer learns it. */
  #unsent: NetlinkError | undefined;

  /** Throws NetlinkError. Protocols: NETLINK_GENERIC and its kin. */
  constructor(protocol: number) {
    const descriptor = libc.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
    if (descriptor < 0) throw failure("opening a netlink socket");
    this.#descriptor = descriptor;
    const local = Buffer.alloc(ADDRESS);
    writeU16(local, AF_NETLINK, 0);
    if (libc.bind(descriptor, local, ADDRESS) !== 0) {
      const error = failure("binding a netlink socket");
      this.close();
      throw error;
    }
    this.receiveBufferSize = this.#option(SO_RCVBUF);
    this.sendBufferSize = this.#option(SO_SNDBUF);
  }

  send(datagram: Buffer): void {
    this.#unsent = undefined;
    if (Number(libc.send(this.#descriptor, datagram, datagram.length, 0)) < 0) this.#unsent = failure("sending");
  }

  received(into: Buffer): number | undefined {
    if (this.#unsent !== undefined) return undefined;
    const length = this.#read(into);
    return length !== undefined && this.#port() === 0 ? length : undefined;
  }

  async receive(timeout: number): Promise<Datagram> {
    if (this.#unsent !== undefined) throw this.#unsent;
    const waiting = Buffer.alloc(8);
    writeU32(waiting, this.#descriptor, 0);
    writeU16(waiting, POLLIN, 4);
    for (;;) {
      const length = this.#read(this.#buffer);
      if (length !== undefined) return { data: Buffer.from(this.#buffer.subarray(0, length)), port: this.#port() };
      const ready = libc.poll(waiting, 1, timeout);
      if (ready === 0) throw new NetlinkError("receiving", ERRNO.ETIMEDOUT, `no reply within ${timeout / 1000} s`);
      if (ready < 0 && errno() !== ERRNO.EINTR) throw failure("receiving");
    }
  }

  discard(): void {
    while (this.#read(this.#buffer) !== undefined);
  }

  close(): void {
    libc.close(this.#descriptor);
  }

  /** How many bytes; undefined where nothing is there. */
  #read(into: Buffer): number | undefined {
    writeU32(this.#length, ADDRESS, 0);
    const length = Number(libc.recvfrom(this.#descriptor, into, into.length, MSG_DONTWAIT | MSG_TRUNC, this.#address, this.#length));
    if (length < 0) {
      const number = errno();
      if (number === ERRNO.EAGAIN || number === ERRNO.EINTR) return undefined;
      throw new NetlinkError("receiving", number);
    }
    if (length > into.length) throw new NetlinkError("receiving", ERRNO.EMSGSIZE, `a reply of ${length} bytes was cut`);
    return length;
  }

  /** Who sent what was last read. */
  #port(): number {
    return readU32(this.#address, PORT_AT);
  }

  #option(name: number): number {
    const value = Buffer.alloc(4);
    writeU32(this.#length, value.length, 0);
    return libc.getsockopt(this.#descriptor, SOL_SOCKET, name, value, this.#length) === 0 ? readU32(value, 0) : 0;
  }
}

export { BunSocket as NativeSocket };
