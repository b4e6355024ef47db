/** What the executable calls of the C library, by Bun's foreign function interface (bun.d.ts). */
import { beginAgain, NoLibc } from "./no-libc";

type Signatures = Readonly<Record<string, Bun.FFI.Signature>>;
type Functions<S extends Signatures> = Bun.FFI.Library<S>["symbols"];

/** glibc's, and musl's. */
const LIBRARIES = ["libc.so.6", `libc.musl-${process.arch === "arm64" ? "aarch64" : "x86_64"}.so.1`];

/** Where errno is: there is one thread. */
let errnoAt: Bun.FFI.Pointer | undefined;

/** Of the last call that failed. */
export function errno(): number {
  if (errnoAt === undefined) throw new Error("no function of libc has failed: none is open");
  return Bun.FFI.read.i32(errnoAt, 0);
}

/** Functions of which a command needs all or none: each that is opened takes a part of its start. */
function together<const S extends Signatures>(symbols: () => S): () => Functions<S> {
  let opened: Functions<S> | undefined;
  return () => (opened ??= open(symbols()));
}

function open<const S extends Signatures>(symbols: S): Functions<S> {
  for (const name of LIBRARIES) {
    const library = dlopen(name, symbols);
    if (library instanceof Error) continue;
    // Before a call fails: to ask for it could change it.
    errnoAt ??= locate(name);
    return library.symbols;
  }
  throw new Error(`none of ${LIBRARIES.join(", ")} can be opened`);
}

/** Where machine code cannot be made of the calls, the first of them begins the program again: nothing is done yet. */
function dlopen<const S extends Signatures>(name: string, symbols: S): Bun.FFI.Library<S> | Error {
  try {
    return Bun.FFI.dlopen(name, symbols);
  } catch {
    beginAgain();
    throw new NoLibc();
  }
}

function locate(library: string): Bun.FFI.Pointer {
  const found = Bun.FFI.dlopen(library, { __errno_location: { args: [], returns: "ptr" } });
  if (found instanceof Error) throw found;
  return found.symbols.__errno_location();
}

/** Where libc cannot be called, this begins the program again, or does nothing. */
export function tryLibc(): void {
  try {
    output();
  } catch (error) {
    if (!(error instanceof NoLibc)) throw error;
  }
}

export const output = together(() => ({ write: { args: ["i32", "ptr", "u64"], returns: "i64_fast" } }));
export const input = together(() => ({
  open: { args: ["ptr", "i32"], returns: "i32" },
  read: { args: ["i32", "ptr", "u64"], returns: "i64_fast" },
  close: { args: ["i32"], returns: "i32" },
}));
export const sockets = together(() => ({
  socket: { args: ["i32", "i32", "i32"], returns: "i32" },
  send: { args: ["i32", "ptr", "u64", "i32"], returns: "i64_fast" },
  recvmmsg: { args: ["i32", "ptr", "u32", "i32", "u64"], returns: "i32" },
}));
/** What is asked of a socket by the way: the room of its queues, and to wait. */
export const queues = together(() => ({
  getsockopt: { args: ["i32", "i32", "i32", "ptr", "ptr"], returns: "i32" },
  poll: { args: ["ptr", "u64", "i32"], returns: "i32" },
}));
/** What only listens joins groups by the address that it is bound to. */
export const memberships = together(() => ({ bind: { args: ["i32", "ptr", "u32"], returns: "i32" } }));
