/**
 * ipvsadm --install DIR: the executable, its links and everything that goes
 * with it, laid below a folder: "/", or what a package is made of.
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exitWith } from "../exit-with";
import { ERRNO } from "../netlink/errno";
import { systemReason } from "../netlink/errno-text";
import { processStreams } from "../process-streams";
import type { World } from "../world";
import { LINKS, MAIN, type Place, PLACES, PROGRAMS } from "./layout";

const USAGE = 2;
const FAILED = 1;

/** What the executable carries lies where its programs do. */
const carried = (...path: string[]): URL => new URL(`../${path.join("/")}`, import.meta.url);

function install(words: readonly string[], { out, error }: Pick<World, "out" | "error">): number {
  const [folder, ...more] = words;
  if (folder === undefined || more.length > 0) {
    error("ipvsadm: --install takes one folder: --install /\n");
    return USAGE;
  }
  try {
    if (!statSync(folder).isDirectory()) throw Object.assign(new Error(), { errno: -ERRNO.ENOTDIR, path: folder });
    layPrograms(join(folder, PROGRAMS), out);
    for (const place of PLACES) lay(place, folder, { out, error });
    return 0;
  } catch (problem) {
    const where = problem instanceof Error && "path" in problem ? `${String(problem.path)}: ` : "";
    error(`ipvsadm: --install: ${where}${systemReason(problem)}\n`);
    return FAILED;
  }
}

function layPrograms(folder: string, out: World["out"]): void {
  mkdirSync(folder, { recursive: true });
  put(join(folder, MAIN), (path) => copyFileSync(process.execPath, path), out);
  for (const name of LINKS) put(join(folder, name), (path) => symlinkSync(MAIN, path), out);
}

function lay({ from: [origin, names], folder, as, executable = false, kept = false }: Place, root: string, { out, error }: Pick<World, "out" | "error">): void {
  mkdirSync(join(root, folder), { recursive: true });
  for (const file of readdirSync(carried(origin)).filter((file) => names.test(file))) {
    const text = readFileSync(carried(origin, file));
    for (const name of as ?? [file]) {
      const target = join(root, folder, name);
      if (kept && existsSync(target)) {
        error(`ipvsadm: --install: ${target} is there, and kept\n`);
        continue;
      }
      put(target, (path) => writeFileSync(path, text, { mode: executable ? 0o755 : 0o644 }), out);
    }
  }
}

/** In the place of what is there, at once: a program that runs goes on with its own. */
function put(target: string, make: (path: string) => void, out: World["out"]): void {
  const temporary = `${target}.${process.pid}.tmp`;
  try {
    make(temporary);
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  out(`${target}\n`);
}

exitWith(() => install(process.argv.slice(3), processStreams()));
