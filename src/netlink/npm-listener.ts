import { readSync, writeSync } from "node:fs";
import { RawNetlinkSocket } from "netlink/dist/raw";
import { withDescriptor } from "./descriptor";
import { ERRNO, NetlinkError } from "./errors";
import { type Heard, LONGEST, type NetlinkListener } from "./listener";
import { encodeRequest, TYPE } from "./message";
import { KERNEL, NETLINK } from "./socket";

/** How often the queue is looked at, in milliseconds. It holds hundreds of notifications. */
const EVERY = 200;
const OPERATION = "listening to the kernel";

/** The addon's own socket, before it is bound. */
interface AddonSocket {
  addMembership(group: number): void;
  close(): void;
}

const isAddonSocket = (value: unknown): value is AddonSocket =>
  typeof value === "object" && value !== null && "addMembership" in value && "close" in value;

/** A message that says nothing, with nothing of it beyond its header. */
function nothing(): Uint8Array {
  const none = new Uint8Array(0);
  const message = new Uint8Array(64);
  return message.subarray(0, encodeRequest({ operation: OPERATION, type: TYPE.NOOP, flags: 0, head: none, attributes: none }, 0, 0, message, 0));
}

/**
 * Looks at the socket's queue by its descriptor, which does not block, from
 * time to time. The npm package's own events would not do: its addon ends the
 * whole process when recvmsg(2) fails, as it does when the queue overflowed. So
 * the socket is bound by what it sends first (netlink_autobind in
 * af_netlink.c): the addon, which did not bind it, does not read from it.
 * Reading does not tell who sent; only those with CAP_NET_ADMIN here can send to
 * a group (netlink_sendmsg), and they can change what is watched itself.
 */
export class NpmListener implements NetlinkListener {
  private readonly socket: AddonSocket;
  private readonly descriptor: number;
  private readonly timer: NodeJS.Timeout;
  private readonly buffer = new Uint8Array(LONGEST);

  /** Throws NetlinkError. */
  constructor(
    protocol: number,
    groups: readonly number[],
    private readonly heard: (what: Heard) => void,
  ) {
    try {
      const [socket, descriptor] = withDescriptor(() => unboundSocket(protocol));
      if (!isAddonSocket(socket) || descriptor === undefined) throw new NetlinkError(OPERATION, ERRNO.EBADF, "the socket cannot be told");
      this.socket = socket;
      this.descriptor = descriptor;
      for (const group of groups) socket.addMembership(group);
      writeSync(descriptor, nothing());
    } catch (error) {
      throw error instanceof NetlinkError ? error : new NetlinkError(OPERATION, errnoOf(error));
    }
    this.timer = setInterval(() => this.readAll(), EVERY);
  }

  close(): void {
    clearInterval(this.timer);
    this.socket.close();
  }

  private readAll(): void {
    for (;;) {
      try {
        const length = readSync(this.descriptor, this.buffer);
        this.heard({ data: this.buffer.subarray(0, length), port: KERNEL });
      } catch (error) {
        const errno = errnoOf(error);
        if (errno === ERRNO.EAGAIN) return;
        this.heard(new NetlinkError(OPERATION, errno));
        // A queue that overflowed says so once, and goes on.
        if (errno !== ERRNO.ENOBUFS) return clearInterval(this.timer);
      }
    }
  }
}

export { NpmListener as NativeListener };

/** By the class of the addon that the package's sockets have inside. */
function unboundSocket(protocol: number): unknown {
  const { constructor: addon } = addonSocket();
  return Reflect.construct(addon, [protocol, LONGEST, () => {}, () => {}]);
}

function addonSocket(): AddonSocket {
  const raw = new RawNetlinkSocket(NETLINK.ROUTE);
  const inside: unknown = Reflect.get(raw, "__native");
  raw.close();
  if (isAddonSocket(inside)) return inside;
  throw new NetlinkError(OPERATION, ERRNO.EBADF, "the netlink package has another socket inside than expected");
}

/** Node's own errors have it negative, the package's positive. */
const errnoOf = (error: unknown): number =>
  error instanceof Error && "errno" in error && typeof error.errno === "number" ? Math.abs(error.errno) : ERRNO.EIO;
