import { errnoText } from "../netlink/errno-text";
import { ERRNO } from "../netlink/errors";
import { bytesOf } from "../netlink/text";
import { filesByNode } from "./by-node";
import type { Files } from "./files";
import { errno, input, output } from "./libc";
import { NoLibc } from "./no-libc";

/** fcntl.h. */
const O_RDONLY = 0;
const O_CLOEXEC = 0o2000000;

/** What a call returns; made again where a signal came between. */
function result(operation: string, call: () => number | bigint): number {
  for (;;) {
    const value = Number(call());
    if (value >= 0) return value;
    const number = errno();
    if (number !== ERRNO.EINTR) throw Object.assign(new Error(`${operation}: ${errnoText(number)}`), { errno: -number });
  }
}

const byLibc: Files = {
  open: (path) => result(`opening ${path}`, () => input().open(bytesOf(`${path}\0`), O_RDONLY | O_CLOEXEC)),
  read: (descriptor, into, at) => result("reading", () => input().read(descriptor, Bun.FFI.ptr(into, at), into.length - at)),
  write: (descriptor, bytes, at) => result("writing", () => output().write(descriptor, Bun.FFI.ptr(bytes, at), bytes.length - at)),
  close: (descriptor) => void input().close(descriptor),
};

let chosen = byLibc;

function using<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (!(error instanceof NoLibc)) throw error;
    chosen = filesByNode(process.getBuiltinModule("node:fs"));
    return call();
  }
}

/**
 * By the C library's own calls: Bun's node:fs takes longer to load than most
 * commands take. By node:fs where libc cannot be called: the help, the version
 * and what is wrong are said there, too.
 */
export const files: Files = {
  open: (path) => using(() => chosen.open(path)),
  read: (descriptor, into, at) => using(() => chosen.read(descriptor, into, at)),
  write: (descriptor, bytes, at) => using(() => chosen.write(descriptor, bytes, at)),
  close: (descriptor) => using(() => chosen.close(descriptor)),
};
