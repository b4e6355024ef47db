import { read } from "node:fs";
import { errno, input, memberships, sockets } from "../files/libc";
import { writeU16, writeU32 } from "./bytes";
import { ERRNO, NetlinkError } from "./errors";
import { type Heard, LONGEST, type NetlinkListener } from "./listener";
import { KERNEL } from "./socket";

/** bits/socket.h. */
enum SOCKET { AF_NETLINK = 16, RAW = 3, CLOEXEC = 0o2000000 }
/** `struct sockaddr_nl`, linux/netlink.h: family, padding, port, groups. */
enum ADDRESS { FAMILY = 0, GROUPS = 8, SIZE = 12 }

const OPERATION = "listening to the kernel";

/**
 * Bun's event loop has no way to wait for a descriptor of ours. Its
 * asynchronous read(2) waits in a thread of its pool, so that timers, signals
 * and everything else go on; each read gives one datagram. Reading does not
 * tell who sent it: only those with CAP_NET_ADMIN here can send to a group
 * (netlink_sendmsg in af_netlink.c), and they can change what is watched itself.
 */
export class BunListener implements NetlinkListener {
  private readonly descriptor: number;
  private readonly buffer = new Uint8Array(LONGEST);
  private isClosed = false;

  /** The groups are from 1 to 32. Throws NetlinkError. */
  constructor(protocol: number, groups: readonly number[], heard: (what: Heard) => void) {
    this.descriptor = sockets().socket(SOCKET.AF_NETLINK, SOCKET.RAW | SOCKET.CLOEXEC, protocol);
    if (this.descriptor < 0) throw new NetlinkError(OPERATION, errno());
    const address = new Uint8Array(ADDRESS.SIZE);
    writeU16(address, SOCKET.AF_NETLINK, ADDRESS.FAMILY);
    writeU32(address, groups.reduce((mask, group) => (mask | (1 << (group - 1))) >>> 0, 0), ADDRESS.GROUPS);
    if (memberships().bind(this.descriptor, address, ADDRESS.SIZE) < 0) {
      const error = new NetlinkError(OPERATION, errno());
      this.close();
      throw error;
    }
    this.readOn(heard);
  }

  close(): void {
    this.isClosed = true;
    input().close(this.descriptor);
  }

  private readOn(heard: (what: Heard) => void): void {
    read(this.descriptor, this.buffer, 0, this.buffer.length, null, (error, length) => {
      if (this.isClosed) return;
      if (error === null) {
        heard({ data: this.buffer.slice(0, length), port: KERNEL });
      } else {
        const number = Math.abs(error.errno ?? ERRNO.EIO);
        if (number !== ERRNO.EINTR && number !== ERRNO.EAGAIN) heard(new NetlinkError(OPERATION, number, error.message));
        // A queue that overflowed says so once, and goes on.
        if (number !== ERRNO.ENOBUFS && number !== ERRNO.EINTR && number !== ERRNO.EAGAIN) return;
      }
      this.readOn(heard);
    });
  }
}

export { BunListener as NativeListener };
