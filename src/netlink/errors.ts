import { constants } from "node:os";

const { errno } = constants;

/** An operation that the kernel or the socket refused. `errno` is positive, as in errno.h. */
export class NetlinkError extends Error {
  override readonly name = "NetlinkError";

  constructor(
    /** What was being done, in words fit to follow "while": "asking for a service". */
    readonly operation: string,
    readonly errno: number,
    detail?: string,
  ) {
    super(`${operation}: ${detail ?? `errno ${errno}`}`);
  }
}

/** Bytes that are not what netlink promises: cut short, overlapping, of the wrong size. */
export class MalformedMessage extends NetlinkError {
  constructor(operation: string, detail: string) {
    super(operation, errno.EBADMSG, detail);
  }
}

export const ERRNO = errno;
