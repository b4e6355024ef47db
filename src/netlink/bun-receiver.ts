import { errno, sockets } from "../files/libc";
import { readU32, writeU32 } from "./bytes";
import { ERRNO, NetlinkError } from "./errors";
import { KERNEL, type Received } from "./socket";

/** bits/socket.h. The length that is returned with TRUNC is the datagram's, cut or not. */
enum MSG { DONTWAIT = 0x40, TRUNC = 0x20 }

/** `struct mmsghdr` with its `struct msghdr`, where pointers have 64 bits: where its fields are, and how long it is, in bytes. */
enum HEADER { NAME = 0, NAME_LENGTH = 8, VECTOR = 16, VECTORS = 24, LENGTH = 56, SIZE = 64 }
/** `struct iovec`. */
enum IOVEC { BASE = 0, LENGTH = 8, SIZE = 16 }
/** `struct sockaddr_nl`, linux/netlink.h. */
enum ADDRESS { PORT = 4, SIZE = 12 }

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
  // Where they are is told to the kernel once. No view is ever made of the first three: it would move the bytes of a buffer
  // of up to 1,000 bytes. Those of the places stay (OFFER).
  private readonly headers = new Uint8Array(AT_ONCE * HEADER.SIZE);
  private readonly vectors = new Uint8Array(AT_ONCE * IOVEC.SIZE);
  private readonly addresses = new Uint8Array(AT_ONCE * ADDRESS.SIZE);
  private readonly places: Place[] = [];
  /** Of those that the last call filled: how many, and which is the next to hand out. */
  private filled = 0;
  private next = 0;

  /** `size` is how long a datagram may be, in bytes. */
  constructor(
    private readonly descriptor: number,
    private readonly size: number,
  ) {
    for (let index = 0; index < AT_ONCE; index++) {
      const buffer = new Uint8Array(size);
      this.places.push({ buffer, length: 0, port: 0 });
      const header = index * HEADER.SIZE;
      writeWord(this.headers, Bun.FFI.ptr(this.addresses, index * ADDRESS.SIZE), header + HEADER.NAME);
      writeWord(this.headers, Bun.FFI.ptr(this.vectors, index * IOVEC.SIZE), header + HEADER.VECTOR);
      writeWord(this.headers, 1, header + HEADER.VECTORS);
      writeWord(this.vectors, Bun.FFI.ptr(buffer), index * IOVEC.SIZE + IOVEC.BASE);
      writeWord(this.vectors, size, index * IOVEC.SIZE + IOVEC.LENGTH);
    }
  }

  /** Undefined where nothing is there. Throws NetlinkError. */
  receive(): Place | undefined {
    if (this.next === this.filled) {
      this.filled = this.fill();
      this.next = 0;
      if (this.filled === 0) return undefined;
    }
    return this.take(this.next++);
  }

  private fill(): number {
    // What the kernel writes over.
    for (let index = 0; index < AT_ONCE; index++) writeU32(this.headers, ADDRESS.SIZE, index * HEADER.SIZE + HEADER.NAME_LENGTH);
    const count = sockets().recvmmsg(this.descriptor, this.headers, AT_ONCE, MSG.DONTWAIT | MSG.TRUNC, 0);
    if (count >= 0) return count;
    const number = errno();
    if (number === ERRNO.EAGAIN || number === ERRNO.EINTR) return 0;
    throw new NetlinkError("receiving", number);
  }

  private take(index: number): Place {
    const place = this.places[index]!;
    place.length = readU32(this.headers, index * HEADER.SIZE + HEADER.LENGTH);
    place.port = readU32(this.addresses, index * ADDRESS.SIZE + ADDRESS.PORT);
    if (place.length <= this.size) return place;
    if (place.port === KERNEL) throw new NetlinkError("receiving", ERRNO.EMSGSIZE, `a reply of ${place.length} bytes was cut`);
    // What others send is passed over.
    place.length = this.size;
    return place;
  }
}
