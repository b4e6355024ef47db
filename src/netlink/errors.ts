import { ERRNO } from "./errno";
import { errnoText } from "./errno-text";

export { ERRNO };

/** An operation that the kernel or the socket refused. `errno` is positive, as in errno.h. */
export class NetlinkError extends Error {
  override readonly name = "NetlinkError";

  constructor(
    /** What was being done, in words fit to follow "while": "asking for a service". */
    readonly operation: string,
    readonly errno: number,
    detail?: string,
  ) {
    super(`${operation}: ${detail ?? errnoText(errno)}`);
  }
}

/** Bytes that are not what netlink promises: cut short, overlapping, of the wrong size. */
export class MalformedMessage extends NetlinkError {
  constructor(operation: string, detail: string) {
    super(operation, ERRNO.EBADMSG, detail);
  }
}
