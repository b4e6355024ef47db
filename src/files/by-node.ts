import type { Files } from "./files";

/** Files by the calls of node:fs. */
export const filesByNode = ({ closeSync, openSync, readSync, writeSync }: typeof import("node:fs")): Files => ({
  open: (path) => openSync(path, "r"),
  read: (descriptor, into, at) => readSync(descriptor, into, at, into.length - at, null),
  write: (descriptor, bytes, at) => writeSync(descriptor, bytes, at),
  close: closeSync,
});
