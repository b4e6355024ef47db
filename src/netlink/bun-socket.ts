import { errno, input, queues, sockets } from "../files/libc";
import { NoLibc } from "../files/no-libc";
import { BunReceiver } from "./bun-receiver";
import { copyOf, readU32, writeU16, writeU32 } from "./bytes";
import { ERRNO, NetlinkError } from "./errors";
import { type Datagram, KERNEL, type NetlinkSocket, OFFER, type Offer, type Received } from "./socket";

/** bits/socket.h, asm-generic/socket.h and poll.h: those of every architecture that Bun runs on. */
enum SOCKET { AF_NETLINK = 16, RAW = 3, CLOEXEC = 0o2000000, SOL_SOCKET = 1, SO_SNDBUF = 7, SO_RCVBUF = 8, POLLIN = 1 }
/** How often what is thrown away may fail to come. */
const FAILURES = 100;

const failure = (operation: string): NetlinkError => new NetlinkError(operation, errno());

function functions(operation: string): ReturnType<typeof sockets> {
  try {
    return sockets();
  } catch (error) {
    throw error instanceof NoLibc ? new NetlinkError(operation, ERRNO.EACCES, error.message) : error;
  }
}

/**
 * A netlink socket by libc's own functions, for Bun, which cannot load the
 * npm package's addon. The kernel answers within the send, so that what is
 * waited for is nearly always there: nothing goes through the event loop.
 */
export class BunSocket implements NetlinkSocket {
  readonly knowsSender = true;
  private readonly descriptor: number;
  private readonly receiver: BunReceiver;
  /** Why the last datagram was not sent: whoever waits for its answer learns it. */
  private unsent: NetlinkError | undefined;

  /**
   * The kernel binds it at the first send (netlink_autobind in af_netlink.c):
   * before that, nothing can come. Throws NetlinkError. Protocols:
   * NETLINK_GENERIC and its kin. `offer` is how long a datagram may be, in bytes.
   */
  constructor(protocol: number, offer: Offer = OFFER.long) {
    const operation = "opening a netlink socket";
    const descriptor = functions(operation).socket(SOCKET.AF_NETLINK, SOCKET.RAW | SOCKET.CLOEXEC, protocol);
    if (descriptor < 0) throw failure(operation);
    this.descriptor = descriptor;
    this.receiver = new BunReceiver(descriptor, offer);
  }

  get receiveBufferSize(): number {
    return this.option(SOCKET.SO_RCVBUF);
  }

  get sendBufferSize(): number {
    return this.option(SOCKET.SO_SNDBUF);
  }

  send(buffer: Uint8Array, length: number): void {
    this.unsent = undefined;
    if (sockets().send(this.descriptor, buffer, length, 0) < 0) this.unsent = failure("sending");
  }

  received(): Received | undefined {
    if (this.unsent !== undefined) return undefined;
    const received = this.receiver.receive();
    return received?.port === KERNEL ? received : undefined;
  }

  async receive(timeout: number): Promise<Datagram> {
    if (this.unsent !== undefined) throw this.unsent;
    const waiting = new Uint8Array(8);
    writeU32(waiting, this.descriptor, 0);
    writeU16(waiting, SOCKET.POLLIN, 4);
    for (;;) {
      const received = this.receiver.receive();
      if (received !== undefined) return { data: copyOf(received), port: received.port };
      const ready = queues().poll(waiting, 1, timeout | 0);
      if (ready === 0) throw new NetlinkError("receiving", ERRNO.ETIMEDOUT, `no reply within ${timeout / 1000} s`);
      if (ready < 0 && errno() !== ERRNO.EINTR) throw failure("receiving");
    }
  }

  discard(): void {
    // A queue that overflowed says so once, and may have done so again.
    for (let failures = 0; failures < FAILURES; failures++) {
      try {
        while (this.receiver.receive() !== undefined);
        return;
      } catch (error) {
        if (!(error instanceof NetlinkError)) throw error;
      }
    }
  }

  close(): void {
    input().close(this.descriptor);
  }

  private option(name: number): number {
    const value = new Uint8Array(4);
    const length = new Uint8Array(4);
    writeU32(length, value.length, 0);
    return queues().getsockopt(this.descriptor, SOCKET.SOL_SOCKET, name, value, length) === 0 ? readU32(value, 0) : 0;
  }
}

export { BunSocket as NativeSocket };

/** As late-npm-socket.ts has it; here nothing is to be loaded. */
export const loadNativeSocket = (): typeof BunSocket => BunSocket;
