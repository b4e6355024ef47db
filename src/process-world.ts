/** The world of a real process. */
import { files } from "#files";
import { Failure, STATUS } from "./command-line/failure";
import { SIGPIPE_STATUS } from "./exit-with";
import { hostAddress, hostNames, PATIENCE } from "./names/hosts";
import { serviceNames } from "./names/services";
import type { World } from "./world";

const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;
const CHUNK = 65_536;

export interface ProcessWorld extends World {
  /** Why not all of the output was written, where some was not: a full disk. */
  unwritten(): string | undefined;
}

export function processWorld(): ProcessWorld {
  let unwritten: string | undefined;
  const services = serviceNames();
  let ipvs: ReturnType<World["ipvs"]> | undefined;
  return {
    program: nameOf(process.argv[1] ?? "ipvsadm"),
    environment: process.env,
    out: (text) => void (unwritten ??= writeAll(STDOUT, text)),
    error: (text) => void writeAll(STDERR, text),
    unwritten: () => unwritten,
    input: standardInput,
    names: {
      hostAddress,
      hostNames,
      patience: PATIENCE,
      servicePort: services.port,
      serviceName: services.name,
    },
    // Loaded late: the netlink package and its addon are a good part of what starting costs.
    ipvs: () => (ipvs ??= import("./open-ipvs").then(({ openIpvs }) => openIpvs())),
    connectionTable: () => fileText("/proc/net/ip_vs_conn"),
  };
}

/** Of a program's path: node:path is loaded for nothing else here. */
const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/**
 * Writes to a descriptor, waiting where it is full for now. A reader that
 * went away ends the program, as SIGPIPE would (Node ignores it); what any
 * other failure was is returned.
 */
function writeAll(descriptor: number, text: string): string | undefined {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += files.write(descriptor, bytes, at);
    } catch (error) {
      const code = codeOf(error);
      if (code === "EPIPE") process.exit(SIGPIPE_STATUS);
      if (code !== "EAGAIN") return error instanceof Error ? error.message : String(error);
      pause();
    }
  }
  return undefined;
}

/** How many bytes were read; 0 at the end, and a failure is the end, as it is to stdio. */
function readSome(descriptor: number, into: Buffer): number {
  for (;;) {
    try {
      return files.read(descriptor, into, 0);
    } catch (error) {
      if (codeOf(error) !== "EAGAIN") return 0;
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

function* fileText(path: string): Generator<string> {
  let descriptor: number;
  try {
    descriptor = files.open(path);
  } catch {
    throw new Failure(STATUS.NOT_LISTED, `cannot open file ${path}`);
  }
  try {
    const piece = Buffer.allocUnsafe(CHUNK);
    for (let length = 0; (length = readSome(descriptor, piece)) > 0; ) yield piece.toString("latin1", 0, length);
  } finally {
    files.close(descriptor);
  }
}

/** A descriptor that another process made non-blocking is asked again a little later. */
function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && "code" in error ? error.code : undefined;
