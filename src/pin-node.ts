/**
 * After npm installed the package: the first line of each program names the
 * Node.js that it was installed with, not env(1), which would look for one at
 * each start. Only the system's own has a path that outlives its next version,
 * and a checkout's files are git's.
 */
import { existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const SYSTEMS_OWN = ["/usr/bin/node", "/usr/local/bin/node"];
const LOOKED_FOR = "#!/usr/bin/env node\n";

/** A program's text with its interpreter's path; undefined where it stays as it is. */
export const pinned = (program: string, node: string): string | undefined =>
  SYSTEMS_OWN.includes(node) && program.startsWith(LOOKED_FOR) ? `#!${node}\n${program.slice(LOOKED_FOR.length)}` : undefined;

/** All programs of a package, each replaced at once. */
export function pinPrograms(root: string, node: string): void {
  if (existsSync(join(root, "src"))) return;
  const folder = join(root, "bin");
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const text = pinned(readFileSync(path, "utf8"), node);
    if (text === undefined) continue;
    const temporary = `${path}.${process.pid}`;
    writeFileSync(temporary, text, { mode: statSync(path).mode });
    renameSync(temporary, path);
  }
}
