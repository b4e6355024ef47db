#!/bin/sh
# Bun 1.4.5's foreign function interface under a limit of the address space.
#
# A netlink program that calls libc through Bun.FFI would be expected to work
# wherever 2 GB of address space are enough for Bun itself. Seen: JavaScriptCore
# fails to reserve its 1 GiB for machine code, goes on without a compiler and
# without a word, and dlopen throws "bun:ffi requires the JIT", while the rest
# of the program runs. With a smaller reservation
# (BUN_JSC_jitMemoryReservationSize) it works under the same limit.
#
# Status 0 while that is so, 1 when it is not, 2 when it could not be tried.
set -u
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 2
npm install --silent --no-audit --no-fund --prefer-offline --ignore-scripts bun@1.4.5 >/dev/null || exit 2
bun=$(ls -d node_modules/@oven/bun-linux-*/bin/bun 2>/dev/null | head -n 1)
cat >try.js <<'JS'
try {
  const { symbols } = Bun.FFI.dlopen("libc.so.6", { getpid: { args: [], returns: "i32" } });
  console.log(symbols.getpid() === process.pid ? "called" : "called another");
} catch (error) {
  console.log(String(error));
}
JS
[ -x "$bun" ] || { echo "no executable of Bun for this machine" >&2; exit 2; }
limited() { (ulimit -v 2000000; "$@"); }
without=$("$bun" try.js)
usual=$(limited "$bun" try.js)
smaller=$(limited env BUN_JSC_jitMemoryReservationSize=16777216 "$bun" try.js)
printf 'without a limit: %s\nwith 2 GB: %s\nwith 2 GB and a smaller reservation: %s\n' "$without" "$usual" "$smaller"
[ "$without" = called ] && [ "$usual" = "TypeError: bun:ffi requires the JIT" ] && [ "$smaller" = called ]
