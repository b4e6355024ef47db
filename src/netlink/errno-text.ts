import { ERRNO } from "./errno";

/** What the C library says of the errors that netlink, IPVS, files and programs can answer with. Made where something failed. */
const texts = (): Readonly<Record<number, string>> => ({
  [ERRNO.EPERM]: "Operation not permitted",
  [ERRNO.ENOENT]: "No such file or directory",
  [ERRNO.ESRCH]: "No such process",
  [ERRNO.EINTR]: "Interrupted system call",
  [ERRNO.EIO]: "Input/output error",
  [ERRNO.ENXIO]: "No such device or address",
  [ERRNO.E2BIG]: "Argument list too long",
  [ERRNO.ENOEXEC]: "Exec format error",
  [ERRNO.EBADF]: "Bad file descriptor",
  [ERRNO.ECHILD]: "No child processes",
  [ERRNO.EAGAIN]: "Resource temporarily unavailable",
  [ERRNO.ENOMEM]: "Cannot allocate memory",
  [ERRNO.EACCES]: "Permission denied",
  [ERRNO.EFAULT]: "Bad address",
  [ERRNO.EBUSY]: "Device or resource busy",
  [ERRNO.EEXIST]: "File exists",
  [ERRNO.EXDEV]: "Invalid cross-device link",
  [ERRNO.ENODEV]: "No such device",
  [ERRNO.ENOTDIR]: "Not a directory",
  [ERRNO.EISDIR]: "Is a directory",
  [ERRNO.EINVAL]: "Invalid argument",
  [ERRNO.ENFILE]: "Too many open files in system",
  [ERRNO.EMFILE]: "Too many open files",
  [ERRNO.ETXTBSY]: "Text file busy",
  [ERRNO.EFBIG]: "File too large",
  [ERRNO.ENOSPC]: "No space left on device",
  [ERRNO.EROFS]: "Read-only file system",
  [ERRNO.EPIPE]: "Broken pipe",
  [ERRNO.ERANGE]: "Numerical result out of range",
  [ERRNO.ENAMETOOLONG]: "File name too long",
  [ERRNO.ENOSYS]: "Function not implemented",
  [ERRNO.ENOTEMPTY]: "Directory not empty",
  [ERRNO.ELOOP]: "Too many levels of symbolic links",
  [ERRNO.EBADMSG]: "Bad message",
  [ERRNO.EOVERFLOW]: "Value too large for defined data type",
  [ERRNO.EMSGSIZE]: "Message too long",
  [ERRNO.ENOPROTOOPT]: "Protocol not available",
  [ERRNO.EPROTONOSUPPORT]: "Protocol not supported",
  [ERRNO.EOPNOTSUPP]: "Operation not supported",
  [ERRNO.EAFNOSUPPORT]: "Address family not supported by protocol",
  [ERRNO.EADDRINUSE]: "Address already in use",
  [ERRNO.EADDRNOTAVAIL]: "Cannot assign requested address",
  [ERRNO.ENETDOWN]: "Network is down",
  [ERRNO.ENETUNREACH]: "Network is unreachable",
  [ERRNO.ENOBUFS]: "No buffer space available",
  [ERRNO.ETIMEDOUT]: "Connection timed out",
  [ERRNO.ECONNREFUSED]: "Connection refused",
  [ERRNO.EHOSTUNREACH]: "No route to host",
  [ERRNO.ESTALE]: "Stale file handle",
  [ERRNO.EDQUOT]: "Disk quota exceeded",
});

let made: ReturnType<typeof texts> | undefined;

export const errnoText = (errno: number): string => (made ??= texts())[errno] ?? `Unknown error ${errno}`;

/** Why the system refused something, in words: of an error of node:fs, of a program that could not be started, or of our own. */
export function systemReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ("errno" in error && typeof error.errno === "number") return errnoText(Math.abs(error.errno));
  const [line = ""] = error.message.split("\n", 1);
  return line;
}
