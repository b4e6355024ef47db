import { errno, sockets } from "../files/libc";
import { readU32, writeU32 } from "./bytes";
import { ERRNO, NetlinkError } from "./errors";
import { KERNEL, type Received } from "./socket";

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

/** A datagram in its place, and who sent it. */
interface Place extends Received {
  length: number;
  port: number;
}

/** A pointer or a size, of 64 bits, on the little-endian architectures that Bun runs on. */
function writeWord(to: Uint8Array, value: number, at: number): void {
  writeU32(to, value >>> 0, at);
  writeU32(to, (value / 2 ** 32) >>> 0, at + 4);
}

/**
 * Receives two datagrams a call, for most dumps have two: a long table has a
 * dump for each service, and calls are what they cost.
 */
export class BunReceiver {
  // Where they are is told to the kernel once. No view is ever made of the first three: it would move a small buffer's bytes.
  readonly #headers = new Uint8Array(AT_ONCE * HEADER);
  readonly #vectors = new Uint8Array(AT_ONCE * IOVEC);
  readonly #addresses = new Uint8Array(AT_ONCE * ADDRESS);
  readonly #places: Place[] = [];
  /** Of those that the last call filled: how many, and which is the next to hand out. */
  #filled = 0;
  #next = 0;

  /** `size` is how long a datagram may be, in bytes. */
  constructor(
    private readonly descriptor: number,
    size: number,
  ) {
    for (let index = 0; index < AT_ONCE; index++) {
      const buffer = new Uint8Array(size);
      this.#places.push({ buffer, length: 0, port: 0 });
      const header = index * HEADER;
      writeWord(this.#headers, Bun.FFI.ptr(this.#addresses, index * ADDRESS), header + NAME);
      writeWord(this.#headers, Bun.FFI.ptr(this.#vectors, index * IOVEC), header + VECTOR);
      writeWord(this.#headers, 1, header + VECTORS);
      writeWord(this.#vectors, Bun.FFI.ptr(buffer), index * IOVEC);
      writeWord(this.#vectors, size, index * IOVEC + IOVEC_LENGTH);
    }
  }

  /** Undefined where nothing is there. Throws NetlinkError. */
  receive(): Place | undefined {
    if (this.#next === this.#filled) {
      this.#filled = this.#fill();
      this.#next = 0;
      if (this.#filled === 0) return undefined;
    }
    return this.#take(this.#next++);
  }

  #fill(): number {
    // What the kernel writes over.
    for (let index = 0; index < AT_ONCE; index++) writeU32(this.#headers, ADDRESS, index * HEADER + NAME_LENGTH);
    const count = sockets().recvmmsg(this.descriptor, this.#headers, AT_ONCE, MSG_DONTWAIT | MSG_TRUNC, 0);
    if (count >= 0) return count;
    const number = errno();
    if (number === ERRNO.EAGAIN || number === ERRNO.EINTR) return 0;
    throw new NetlinkError("receiving", number);
  }

  #take(index: number): Place {
    const place = this.#places[index]!;
    place.length = readU32(this.#headers, index * HEADER + LENGTH);
    place.port = readU32(this.#addresses, index * ADDRESS + PORT_AT);
    if (place.length <= place.buffer.length) return place;
    if (place.port === KERNEL) throw new NetlinkError("receiving", ERRNO.EMSGSIZE, `a reply of ${place.length} bytes was cut`);
    // What others send is passed over.
    place.length = place.buffer.length;
    return place;
  }
}
