import { ERRNO } from "./errors";

/** What the C library says of the errors that netlink, IPVS and files can answer with. Made where something failed. */
const texts = (): Readonly<Record<number, string>> => ({
  [ERRNO.EPERM]: "Operation not permitted",
  [ERRNO.ENOENT]: "No such file or directory",
  [ERRNO.ESRCH]: "No such process",
  [ERRNO.EINTR]: "Interrupted system call",
  [ERRNO.EIO]: "Input/output error",
  [ERRNO.ENXIO]: "No such device or address",
  [ERRNO.EBADF]: "Bad file descriptor",
  [ERRNO.EAGAIN]: "Resource temporarily unavailable",
  [ERRNO.ENOMEM]: "Cannot allocate memory",
  [ERRNO.EACCES]: "Permission denied",
  [ERRNO.EFAULT]: "Bad address",
  [ERRNO.EBUSY]: "Device or resource busy",
  [ERRNO.EEXIST]: "File exists",
  [ERRNO.ENODEV]: "No such device",
  [ERRNO.EINVAL]: "Invalid argument",
  [ERRNO.EFBIG]: "File too large",
  [ERRNO.ENOSPC]: "No space left on device",
  [ERRNO.EPIPE]: "Broken pipe",
  [ERRNO.ERANGE]: "Numerical result out of range",
  [ERRNO.EBADMSG]: "Bad message",
  [ERRNO.EOVERFLOW]: "Value too large for defined data type",
  [ERRNO.EPROTONOSUPPORT]: "Protocol not supported",
  [ERRNO.EADDRINUSE]: "Address already in use",
  [ERRNO.EADDRNOTAVAIL]: "Cannot assign requested address",
  [ERRNO.ENETUNREACH]: "Network is unreachable",
  [ERRNO.ENOBUFS]: "No buffer space available",
  [ERRNO.ETIMEDOUT]: "Connection timed out",
  [ERRNO.EDQUOT]: "Disk quota exceeded",
});

export const errnoText = (errno: number): string => texts()[errno] ?? `Unknown error ${errno}`;
