import { type ErrnoException, type MessageInfo, RawNetlinkSocket } from "netlink/dist/raw";
import { ERRNO, NetlinkError } from "./errors";
import { type Heard, LONGEST, type NetlinkListener } from "./listener";

/** By the events of the npm package `netlink`, which libuv polls for. */
export class NpmListener implements NetlinkListener {
  private readonly raw: RawNetlinkSocket;

  /** Throws NetlinkError. */
  constructor(protocol: number, groups: readonly number[], heard: (what: Heard) => void) {
    const operation = "listening to the kernel";
    try {
      // Zero leaves the system's own sizes.
      this.raw = new RawNetlinkSocket(protocol, { messagePeeking: false, msgBufferSize: LONGEST, recvBufferSize: 0, sendBufferSize: 0 });
      this.raw.on("message", (data: Buffer, { port }: MessageInfo) => heard({ data, port }));
      this.raw.on("truncatedMessage", () => heard(new NetlinkError(operation, ERRNO.EMSGSIZE)));
      this.raw.on("error", ({ errno, message }: ErrnoException) => heard(new NetlinkError(operation, errno, message)));
      for (const group of groups) this.raw.addMembership(group);
    } catch (error) {
      const errno = error instanceof Error && "errno" in error && typeof error.errno === "number" ? Math.abs(error.errno) : ERRNO.EIO;
      throw new NetlinkError(operation, errno);
    }
  }

  close(): void {
    this.raw.close();
  }
}

export { NpmListener as NativeListener };
