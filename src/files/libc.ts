/** What the executable calls of the C library, by Bun's foreign function interface (bun.d.ts). */

/** glibc's, and musl's. */
const LIBRARIES = ["libc.so.6", `libc.musl-${process.arch === "arm64" ? "aarch64" : "x86_64"}.so.1`];
const SYMBOLS = {
  open: { args: ["ptr", "i32"], returns: "i32" },
  read: { args: ["i32", "ptr", "u64"], returns: "i64_fast" },
  write: { args: ["i32", "ptr", "u64"], returns: "i64_fast" },
  close: { args: ["i32"], returns: "i32" },
  socket: { args: ["i32", "i32", "i32"], returns: "i32" },
  bind: { args: ["i32", "ptr", "u32"], returns: "i32" },
  getsockopt: { args: ["i32", "i32", "i32", "ptr", "ptr"], returns: "i32" },
  send: { args: ["i32", "ptr", "u64", "i32"], returns: "i64_fast" },
  recvmmsg: { args: ["i32", "ptr", "u32", "i32", "u64"], returns: "i32" },
  poll: { args: ["ptr", "u64", "i32"], returns: "i32" },
  __errno_location: { args: [], returns: "ptr" },
} as const;

function load() {
  for (const name of LIBRARIES) {
    const library = Bun.FFI.dlopen(name, SYMBOLS);
    if (!(library instanceof Error)) return library.symbols;
  }
  throw new Error(`none of ${LIBRARIES.join(", ")} can be opened`);
}

export const libc = load();

/** Of the last call that failed. */
export const errno = (): number => Bun.FFI.read.i32(libc.__errno_location(), 0);
