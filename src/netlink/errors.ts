/**
 * Error numbers, asm-generic/errno-base.h and asm-generic/errno.h: those of
 * every architecture that the netlink package has an addon for. (node:os
 * has them too, and takes milliseconds to load.)
 */
export enum ERRNO {
  EPERM = 1,
  ENOENT = 2,
  ESRCH = 3,
  EINTR = 4,
  EIO = 5,
  ENXIO = 6,
  EBADF = 9,
  EAGAIN = 11,
  ENOMEM = 12,
  EACCES = 13,
  EFAULT = 14,
  EBUSY = 16,
  EEXIST = 17,
  ENODEV = 19,
  EINVAL = 22,
  EFBIG = 27,
  ENOSPC = 28,
  EPIPE = 32,
  ERANGE = 34,
  EBADMSG = 74,
  EOVERFLOW = 75,
  EMSGSIZE = 90,
  ENOPROTOOPT = 92,
  EPROTONOSUPPORT = 93,
  EOPNOTSUPP = 95,
  EAFNOSUPPORT = 97,
  EADDRINUSE = 98,
  EADDRNOTAVAIL = 99,
  ENETUNREACH = 101,
  ENOBUFS = 105,
  ETIMEDOUT = 110,
  EDQUOT = 122,
}

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
    super(operation, ERRNO.EBADMSG, detail);
  }
}
