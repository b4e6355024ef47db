import { ERRNO } from "./errors";

/** What the C library says of the errors that netlink and IPVS can answer with. Made where something failed. */
const texts = (): Readonly<Record<number, string>> => ({
  [ERRNO.ENOENT]: "No such file or directory",
  [ERRNO.ESRCH]: "No such process",
  [ERRNO.EINTR]: "Interrupted system call",
  [ERRNO.EIO]: "Input/output error",
  [ERRNO.ENXIO]: "No such device or address",
  [ERRNO.EAGAIN]: "Resource temporarily unavailable",
  [ERRNO.EACCES]: "Permission denied",
  [ERRNO.EFAULT]: "Bad address",
  [ERRNO.EBUSY]: "Device or resource busy",
  [ERRNO.EEXIST]: "File exists",
  [ERRNO.ENODEV]: "No such device",
  [ERRNO.ENOSPC]: "No space left on device",
  [ERRNO.ERANGE]: "Numerical result out of range",
  [ERRNO.EBADMSG]: "Bad message",
  [ERRNO.EOVERFLOW]: "Value too large for defined data type",
  [ERRNO.EPROTONOSUPPORT]: "Protocol not supported",
  [ERRNO.EADDRINUSE]: "Address already in use",
  [ERRNO.EADDRNOTAVAIL]: "Cannot assign requested address",
  [ERRNO.ENETUNREACH]: "Network is unreachable",
  [ERRNO.ENOBUFS]: "No buffer space available",
  [ERRNO.ETIMEDOUT]: "Connection timed out",
});

export const errnoText = (errno: number): string => texts()[errno] ?? `Unknown error ${errno}`;
