/** The streams of a real process, its name and its environment. */
import { files } from "#files";
import { SIGPIPE_STATUS } from "./exit-with";
import { systemReason } from "./netlink/errno-text";
import { ERRNO } from "./netlink/errors";
import { bytesOf } from "./netlink/text";
import type { World } from "./world";

const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;
/** How much is read at once, in bytes. */
const CHUNK = 65_536;

export interface ProcessStreams extends Pick<World, "program" | "environment" | "out" | "write" | "error" | "input"> {
  /** Why not all of the output was written, where some was not: a full disk. */
  unwritten(): string | undefined;
}

export function processStreams(): ProcessStreams {
  const path = process.argv[1] ?? "ipvsadm";
  let unwritten: string | undefined;
  const write = (bytes: Uint8Array): void => void (unwritten ??= writeAll(STDOUT, bytes));
  return {
    // node:path is loaded for nothing else here.
    program: path.slice(path.lastIndexOf("/") + 1),
    environment: () => process.env,
    out: (text) => write(bytesOf(text)),
    write,
    error: (text) => void writeAll(STDERR, bytesOf(text)),
    unwritten: () => unwritten,
    input: standardInput,
  };
}

/**
 * Writes to a descriptor, waiting where it is full for now. A reader that
 * went away ends the program, as SIGPIPE would (Node ignores it); what any
 * other failure was is returned.
 */
function writeAll(descriptor: number, bytes: Uint8Array): string | undefined {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += files.write(descriptor, bytes, at);
    } catch (error) {
      const errno = errnoOf(error);
      if (errno === ERRNO.EPIPE) process.exit(SIGPIPE_STATUS);
      if (errno !== ERRNO.EAGAIN) return systemReason(error);
      pause();
    }
  }
  return undefined;
}

/** How many bytes were read; 0 at the end, and a failure is the end, as it is to stdio. */
export function readSome(descriptor: number, into: Uint8Array, at = 0): number {
  for (;;) {
    try {
      return files.read(descriptor, into, at);
    } catch (error) {
      if (errnoOf(error) !== ERRNO.EAGAIN) return 0;
      pause();
    }
  }
}

function standardInput(): Buffer {
  const pieces: Buffer[] = [];
  for (;;) {
    const piece = Buffer.allocUnsafe(CHUNK);
    const length = readSome(STDIN, piece);
    if (length === 0) return Buffer.concat(pieces);
    pieces.push(piece.subarray(0, length));
  }
}

/** A descriptor that another process made non-blocking is asked again a little later. */
function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
}

/** Of what Files throw: positive, as in errno.h. */
const errnoOf = (error: unknown): number | undefined =>
  error instanceof Error && "errno" in error && typeof error.errno === "number" ? -error.errno : undefined;
