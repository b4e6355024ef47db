import { ptr } from "bun:ffi";
import { errno, libc } from "../files/libc";
import { readU32, writeU32, writeU64 } from "./bytes";
import { ERRNO, NetlinkError } from "./errors";

/** What a datagram is read into, in bytes: the kernel's pieces have 32 KiB at most (netlink_dump in af_netlink.c). */
export const RECEIVE_SIZE = 65_536;

/** bits/socket.h. */
const MSG_DONTWAIT = 0x40;
/** The length that is returned is the datagram's, cut or not. */
const MSG_TRUNC = 0x20;

/** `struct mmsghdr` with its `struct msghdr`, and `struct iovec`, as they are where pointers have 64 bits; in bytes. */
const HEADER = 64;
const NAME = 0;
const NAME_LENGTH = 8;
const VECTOR = 16;
const VECTORS = 24;
const LENGTH = 56;
const IOVEC = 16;
const IOVEC_LENGTH = 8;
/** `struct sockaddr_nl`, linux/netlink.h: family, padding, port, groups. */
const ADDRESS = 12;
const PORT_AT = 4;

/** A dump's piece, and what ends it. */
const AT_ONCE = 2;

/**
 * Receives two datagrams a call, for most dumps have two: a long table has a
 * dump for each service, and calls are what they cost.
 */
export class BunReceiver {
  /** Who sent the last datagram that was handed out. */
  port = 0;
  // Their places are told to the kernel once. No view is ever made of these three: it would move a small buffer's bytes.
  readonly #headers = Buffer.alloc(AT_ONCE * HEADER);
  readonly #vectors = Buffer.alloc(AT_ONCE * IOVEC);
  readonly #addresses = Buffer.alloc(AT_ONCE * ADDRESS);
  readonly #second = Buffer.allocUnsafe(RECEIVE_SIZE);
  /** Whether the second of the last call is still to be handed out. */
  #isSecondThere = false;
  #into: Buffer | undefined;

  constructor(private readonly descriptor: number) {
    for (let index = 0; index < AT_ONCE; index++) {
      const header = index * HEADER;
      writeU64(this.#headers, BigInt(ptr(this.#addresses, index * ADDRESS)), header + NAME);
      writeU64(this.#headers, BigInt(ptr(this.#vectors, index * IOVEC)), header + VECTOR);
      writeU64(this.#headers, 1n, header + VECTORS);
    }
    this.#aim(1, this.#second);
  }

  /** How many bytes; undefined where nothing is there. Throws NetlinkError. */
  receive(into: Buffer): number | undefined {
    if (this.#isSecondThere) {
      this.#isSecondThere = false;
      const length = this.#take(1, this.#second);
      for (let at = 0; at < length; at++) into[at] = this.#second[at]!;
      return length;
    }
    if (into !== this.#into) this.#aim(0, (this.#into = into));
    // What the kernel writes over.
    for (let index = 0; index < AT_ONCE; index++) writeU32(this.#headers, ADDRESS, index * HEADER + NAME_LENGTH);
    const count = libc.recvmmsg(this.descriptor, this.#headers, AT_ONCE, MSG_DONTWAIT | MSG_TRUNC, 0);
    if (count < 0) {
      const number = errno();
      if (number === ERRNO.EAGAIN || number === ERRNO.EINTR) return undefined;
      throw new NetlinkError("receiving", number);
    }
    this.#isSecondThere = count === AT_ONCE;
    return this.#take(0, into);
  }

  #aim(index: number, buffer: Buffer): void {
    writeU64(this.#vectors, BigInt(ptr(buffer)), index * IOVEC);
    writeU64(this.#vectors, BigInt(buffer.length), index * IOVEC + IOVEC_LENGTH);
  }

  #take(index: number, from: Buffer): number {
    const length = readU32(this.#headers, index * HEADER + LENGTH);
    if (length > from.length) throw new NetlinkError("receiving", ERRNO.EMSGSIZE, `a reply of ${length} bytes was cut`);
    this.port = readU32(this.#addresses, index * ADDRESS + PORT_AT);
    return length;
  }
}
