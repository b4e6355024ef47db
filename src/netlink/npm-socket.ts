import { RawNetlinkSocket, type ErrnoException, type MessageInfo } from "netlink/dist/raw";
import { ERRNO, NetlinkError } from "./errors";
import type { Datagram, NetlinkSocket } from "./socket";

/** NETLINK_GENERIC, linux/netlink.h. */
const GENERIC = 16;

/**
 * The receive buffer, in bytes. The kernel cuts a dump into pieces of the
 * size that is offered, and at least a page; the package allocates and zeroes
 * a buffer of this size for every receive, so that a larger one is slower:
 * listing 10,000 services took 25 s with 64 KiB and 10 s with 4 KiB.
 */
const RECEIVE_SIZE = 4096;

interface Waiter {
  resolve(datagram: Datagram): void;
  reject(error: NetlinkError): void;
}

/** A socket of the npm package `netlink`: events in, promises out. */
export class NpmSocket implements NetlinkSocket {
  readonly receiveBufferSize: number;
  readonly sendBufferSize: number;
  readonly #raw = new RawNetlinkSocket(GENERIC, {
    messagePeeking: false,
    msgBufferSize: RECEIVE_SIZE,
    // Zero leaves the system's own sizes.
    recvBufferSize: 0,
    sendBufferSize: 0,
  });
  #arrived: (Datagram | NetlinkError)[] = [];
  #waiter: Waiter | undefined;

  constructor() {
    const raw = this.#raw;
    this.receiveBufferSize = raw.getRecvBufferSize();
    this.sendBufferSize = raw.getSendBufferSize();
    raw.on("message", (data: Buffer, info: MessageInfo) => this.#deliver({ data, port: info.port }));
    raw.on("truncatedMessage", (_data: Buffer, info: MessageInfo) =>
      this.#deliver(new NetlinkError("receiving", ERRNO.EMSGSIZE, `a reply of ${info.truncated ?? "more"} bytes was cut`)),
    );
    raw.on("error", (error: ErrnoException) => this.#deliver(new NetlinkError("receiving", error.errno, error.message)));
  }

  send(datagram: Buffer): void {
    this.#raw.send(datagram, {}, (error) => {
      if (error !== undefined) this.#deliver(new NetlinkError("sending", error.errno, error.message));
    });
  }

  receive(timeout: number): Promise<Datagram> {
    const next = this.#arrived.shift();
    if (next instanceof NetlinkError) return Promise.reject(next);
    if (next !== undefined) return Promise.resolve(next);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => this.#deliver(new NetlinkError("receiving", ERRNO.ETIMEDOUT, `no reply within ${timeout / 1000} s`)),
        timeout,
      );
      this.#waiter = {
        resolve: (datagram) => (clearTimeout(timer), resolve(datagram)),
        reject: (error) => (clearTimeout(timer), reject(error)),
      };
    });
  }

  discard(): void {
    this.#arrived = [];
  }

  close(): void {
    this.#raw.close();
  }

  #deliver(what: Datagram | NetlinkError): void {
    const waiter = this.#waiter;
    if (waiter === undefined) {
      this.#arrived.push(what);
      return;
    }
    this.#waiter = undefined;
    if (what instanceof NetlinkError) waiter.reject(what);
    else waiter.resolve(what);
  }
}
