import { readSync, writeSync } from "node:fs";
import { RawNetlinkSocket, type ErrnoException, type MessageInfo } from "netlink/dist/raw";
import { withDescriptor } from "./descriptor";
import { ERRNO, NetlinkError } from "./errors";
import { type Datagram, KERNEL, type NetlinkSocket, OFFER, type Offer, type Received } from "./socket";

interface Waiter {
  resolve(datagram: Datagram): void;
  reject(error: NetlinkError): void;
}

/**
 * A socket of the npm package `netlink`: events in, promises out.
 *
 * A round trip by events costs fourteen system calls and a turn of the event
 * loop, and the kernel answers within the send: what only asks is written
 * to and read from the socket's descriptor, in three. Reading does not tell
 * who sent, nor whether it was all (it is: the kernel makes no piece longer
 * than the offer). But the kernel lets only those with CAP_NET_ADMIN here send to
 * another's port (netlink_sendmsg in af_netlink.c), and they can change the
 * table itself; whatever answers a change comes by events, and its sender is
 * looked at.
 */
export class NpmSocket implements NetlinkSocket {
  readonly knowsSender = false;
  readonly receiveBufferSize: number;
  readonly sendBufferSize: number;
  private readonly raw: RawNetlinkSocket;
  private readonly descriptor: number | undefined;
  private arrived: (Datagram | NetlinkError)[] = [];
  private waiter: Waiter | undefined;
  private timer: NodeJS.Timeout | undefined;
  private readonly place: { readonly buffer: Uint8Array; length: number };

  /** Protocols: NETLINK_GENERIC and its kin. `offer` is how long a datagram may be, in bytes. */
  constructor(protocol: number, offer: Offer = OFFER.long) {
    const [raw, descriptor] = withDescriptor(
      () =>
        new RawNetlinkSocket(protocol, {
          messagePeeking: false,
          // The package allocates and zeroes as much for every receive.
          msgBufferSize: offer,
          // Zero leaves the system's own sizes.
          recvBufferSize: 0,
          sendBufferSize: 0,
        }),
    );
    this.raw = raw;
    this.place = { buffer: new Uint8Array(offer), length: 0 };
    this.descriptor = descriptor;
    this.receiveBufferSize = raw.getRecvBufferSize();
    this.sendBufferSize = raw.getSendBufferSize();
    raw.on("message", (data: Buffer, info: MessageInfo) => this.deliver({ data, port: info.port }));
    raw.on("truncatedMessage", (data: Buffer, { port, truncated }: MessageInfo) =>
      this.deliver(port === KERNEL ? new NetlinkError("receiving", ERRNO.EMSGSIZE, `a reply of ${truncated ?? "more"} bytes was cut`) : { data, port }),
    );
    raw.on("error", (error: ErrnoException) => this.deliver(new NetlinkError("receiving", error.errno, error.message)));
  }

  send(buffer: Uint8Array, length: number): void {
    if (this.descriptor !== undefined && this.write(this.descriptor, buffer, length)) return;
    // A copy: it is sent by and by.
    this.raw.send(Buffer.from(buffer.subarray(0, length)), {}, (error) => {
      if (error !== undefined) this.deliver(new NetlinkError("sending", error.errno, error.message));
    });
  }

  received(): Received | undefined {
    if (this.arrived.length > 0 || this.descriptor === undefined) return undefined;
    try {
      this.place.length = readSync(this.descriptor, this.place.buffer);
      return this.place;
    } catch (error) {
      const errno = errnoOf(error);
      if (errno === ERRNO.EAGAIN) return undefined;
      throw new NetlinkError("receiving", errno, error instanceof Error ? error.message : String(error));
    }
  }

  receive(timeout: number): Promise<Datagram> {
    const next = this.arrived.shift();
    if (next instanceof NetlinkError) return Promise.reject(next);
    if (next !== undefined) return Promise.resolve(next);
    return new Promise((resolve, reject) => {
      this.waiter = { resolve, reject };
      this.watch(timeout);
    });
  }

  discard(): void {
    this.arrived = [];
  }

  close(): void {
    clearTimeout(this.timer);
    this.raw.close();
  }

  /** Starts the clock only where the answer is not there by the end of this turn of the event loop: it nearly always is. */
  private watch(timeout: number): void {
    const waiter = this.waiter;
    setImmediate(() => {
      if (waiter === undefined || waiter !== this.waiter) return;
      this.timer = setTimeout(
        () => this.deliver(new NetlinkError("receiving", ERRNO.ETIMEDOUT, `no reply within ${timeout / 1000} s`)),
        timeout,
      );
    });
  }

  private deliver(what: Datagram | NetlinkError): void {
    const waiter = this.waiter;
    if (waiter === undefined) {
      this.arrived.push(what);
      return;
    }
    this.waiter = undefined;
    if (this.timer !== undefined) clearTimeout(this.timer);
    this.timer = undefined;
    if (what instanceof NetlinkError) waiter.reject(what);
    else waiter.resolve(what);
  }

  /** False where the queue is full. */
  private write(descriptor: number, buffer: Uint8Array, length: number): boolean {
    try {
      writeSync(descriptor, buffer, 0, length);
    } catch (error) {
      const errno = errnoOf(error);
      if (errno === ERRNO.EAGAIN) return false;
      this.deliver(new NetlinkError("sending", errno, error instanceof Error ? error.message : String(error)));
    }
    return true;
  }
}

export { NpmSocket as NativeSocket };

/** Node's own errors have it negative. */
const errnoOf = (error: unknown): number =>
  error instanceof Error && "errno" in error && typeof error.errno === "number" ? Math.abs(error.errno) : ERRNO.EIO;
