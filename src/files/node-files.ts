import { closeSync, openSync, readFileSync, readSync, writeSync } from "node:fs";
import type { Files } from "./files";

export const files: Files = {
  open: (path) => openSync(path, "r"),
  read: (descriptor, into) => readSync(descriptor, into),
  write: (descriptor, bytes, at) => writeSync(descriptor, bytes, at),
  close: closeSync,
  text: (path) => readFileSync(path, "utf8"),
};
