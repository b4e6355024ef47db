import { closeSync, openSync, readSync, writeSync } from "node:fs";
import type { Files } from "./files";

export const files: Files = {
  open: (path) => openSync(path, "r"),
  read: (descriptor, into, at) => readSync(descriptor, into, at, into.length - at, null),
  write: (descriptor, bytes, at) => writeSync(descriptor, bytes, at),
  close: closeSync,
};
