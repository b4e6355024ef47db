/**
 * Makes dist/PROGRAM.cjs.cache: the functions that a program's usual command
 * lines call, compiled. What is compiled is what has run, so the command
 * lines are rehearsed, with a played kernel behind the native socket, and
 * nothing written.
 *
 * V8 takes a cache only from a version and flags like its own, and compiles
 * anew otherwise. It tells a changed bundle by its length alone: the build
 * removes the caches first.
 */
import * as fs from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Script } from "node:vm";
import { PLAYED_PROC, PlayedSocket } from "./played-kernel";

/** Bundled, this file is in dist, as are the programs. */
const FOLDER = __dirname;

const SERVICE = ["-t", "192.0.2.1:80"];
const SERVER = [...SERVICE, "-r", "192.0.2.2:80"];
const REHEARSALS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  ipvsadm: [["-v"], ["-Ln"], ["-A", ...SERVICE, "-s", "rr"], ["-a", ...SERVER, "-m"], ["-e", ...SERVER, "-g", "-w", "2"]],
  "ipvsadm-save": [["-n"]],
  "ipvsadm-restore": [[]],
  "lvs-realserver": [["--version"]],
  "lvs-director": [["--version"]],
};

const STDIN = 0;
const STDERR = 2;
/** What stands on standard input. */
const RULES = `-A ${SERVICE.join(" ")} -s wrr\n-a ${SERVER.join(" ")} -m -w 3\n-A -t 192.0.2.3:80\n-a -t 192.0.2.3:80 -r 192.0.2.4:80\n`;

const PROC = "/proc/net/ip_vs";
/** The descriptor of PROC; every other but the standard ones is the socket's. */
const PROC_DESCRIPTOR = 1_000_000;
/** What is left to read there. */
let proc = Buffer.alloc(0);

function readProc(into: Uint8Array, at: number): number {
  const length = proc.copy(into, at);
  proc = proc.subarray(length);
  return length;
}

/** What the programs read and write. */
const PLAYED_FILES = {
  readFileSync: (path: string | number, encoding?: BufferEncoding) =>
    path === STDIN ? Buffer.from(RULES) : path === PROC ? PLAYED_PROC : fs.readFileSync(path, encoding),
  readlinkSync: () => "socket:[1]",
  openSync: (path: string, how: string) => {
    if (path !== PROC) return fs.openSync(path, how);
    proc = Buffer.from(PLAYED_PROC);
    return PROC_DESCRIPTOR;
  },
  closeSync: (descriptor: number) => {
    if (descriptor !== PROC_DESCRIPTOR) fs.closeSync(descriptor);
  },
  writeSync: (descriptor: number, bytes: Uint8Array, _at = 0, length = bytes.length) =>
    descriptor <= STDERR ? length : PlayedSocket.current?.write(bytes.subarray(0, length)),
  readSync: (descriptor: number, into: Uint8Array, at: number) =>
    descriptor === PROC_DESCRIPTOR ? readProc(into, at) : PlayedSocket.current?.read(into),
};

type Program = (exports: unknown, require: (id: string) => unknown, module: unknown, filename: string, folder: string) => void;

/** Thrown where a program would have exited; nobody catches it. */
class End extends Error {}

async function rehearse(name: string, commandLines: readonly (readonly string[])[]): Promise<void> {
  const filename = join(FOLDER, `${name}.cjs`);
  const script = new Script(fs.readFileSync(filename, "latin1"), { filename });
  const load = createRequire(filename);
  const stage = (id: string): unknown => {
    if (id !== "node:fs" && id !== "fs") return load(id);
    return { ...fs, ...PLAYED_FILES };
  };
  for (const words of commandLines) {
    const program: Program = script.runInThisContext();
    process.argv = [process.execPath, join(FOLDER, "../bin", name), ...words];
    const module = { exports: {} };
    const ended = new Promise<unknown>((resolve) => {
      process.exit = (status) => {
        resolve(status);
        throw new End();
      };
    });
    try {
      program(module.exports, stage, module, filename, FOLDER);
    } catch (error) {
      if (!(error instanceof End)) throw error;
    }
    const status = await ended;
    if (status !== 0) throw new Error(`${name} ${words.join(" ")}: status ${status}`);
  }
  const temporary = `${filename}.cache.${process.pid}`;
  fs.writeFileSync(temporary, script.createCachedData());
  fs.renameSync(temporary, `${filename}.cache`);
}

async function main(): Promise<void> {
  for (const [name, commandLines] of Object.entries(REHEARSALS)) await rehearse(name, commandLines);
}

const { exit } = process;
// Where a rehearsal does not end, nothing is left to wait for, and Node would call that well.
process.exitCode = 1;
process.dlopen = (module) => Object.assign(module, { exports: { NativeNetlink: PlayedSocket } });
process.on("unhandledRejection", (error) => {
  if (error instanceof End) return;
  console.error(`code cache: ${error instanceof Error ? error.message : String(error)}`);
  exit(1);
});
void main().then(() => exit(0));
