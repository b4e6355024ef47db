import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync } from "node:fs";
import { join, resolve } from "node:path";

/** Where the programs are that the tests run: the tree's bin/, or the folder of an installed executable. */
export const PROGRAMS = resolve(process.env["LAB_PROGRAMS"] || "bin");

/** $1 is the new folder, $2 that of the programs, $3 what runs this test: Node.js, for the programs of the tree. */
const COPY = `
umask 022
cp -R "$2" "$1/bin"
mkdir "$1/path"
if [ -d "$2/../dist" ]; then
  mkdir "$1/dist" "$1/node_modules"
  cp "$2"/../dist/*.cjs* "$1/dist"
  cp -R "$2/../node_modules/netlink" "$1/node_modules"
  cp "$2/../package.json" "$1"
fi
chmod -R a+rX "$1"
if [ -d "$1/dist" ]; then
  : >"$1/path/node"
  mount --bind "$3" "$1/path/node"
fi
`;

export interface SharedPrograms {
  /** In place of PROGRAMS. */
  readonly programs: string;
  /** PATH, in which they find Node.js. */
  readonly path: string;
}

/**
 * The programs where any user may run them, in the lab's own /run: the clone may lie in the home of root, and Node.js
 * too, where nobody else may enter.
 */
export function sharedPrograms(): SharedPrograms {
  const folder = mkdtempSync("/run/programs-");
  chmodSync(folder, 0o755);
  execFileSync("sh", ["-euc", COPY, "sh", folder, PROGRAMS, process.execPath]);
  return { programs: join(folder, "bin"), path: `${join(folder, "path")}:${process.env["PATH"] ?? ""}` };
}
