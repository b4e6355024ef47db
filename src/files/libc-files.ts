import { ERRNO } from "../netlink/errors";
import type { Files } from "./files";
import { errno, libc } from "./libc";

/** fcntl.h. */
const O_RDONLY = 0;
const O_CLOEXEC = 0o2000000;

class FileError extends Error {
  readonly code: string;

  constructor(operation: string, number: number) {
    const code = Object.entries(ERRNO).find(([, known]) => known === number)?.[0] ?? `errno ${number}`;
    super(`${operation}: ${code}`);
    this.code = code;
  }
}

/** What a call returns; made again where a signal came between. */
function result(operation: string, call: () => number | bigint): number {
  for (;;) {
    const value = Number(call());
    if (value >= 0) return value;
    const number = errno();
    if (number !== ERRNO.EINTR) throw new FileError(operation, number);
  }
}

/** By the C library's own calls: Bun's node:fs takes longer to load than most commands take. */
export const files: Files = {
  open: (path) => result(`opening ${path}`, () => libc.open(Buffer.from(`${path}\0`), O_RDONLY | O_CLOEXEC)),
  read: (descriptor, into, at) => result("reading", () => libc.read(descriptor, at === 0 ? into : into.subarray(at), into.length - at)),
  write: (descriptor, bytes, at) => result("writing", () => libc.write(descriptor, at === 0 ? bytes : bytes.subarray(at), bytes.length - at)),
  close: (descriptor) => void libc.close(descriptor),
};
