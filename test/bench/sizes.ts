/** How large is what is handed out. */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

export interface Size {
  readonly name: string;
  readonly bytes: number;
}

const EXECUTABLE = "dist/standalone/ipvsadm";
/** Made by npm run build:deb, and not there without it. */
const PACKAGES = "dist/deb";

const file = (name: string, path: string): Size => ({ name: `${name}, ${path}`, bytes: statSync(path).size });

/** Without its scripts, which would build anew what was measured. */
function tarballs(): Size[] {
  const packed = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], { encoding: "utf8" });
  return (JSON.parse(packed) as { filename: string; size: number }[]).map(({ filename, size }) => ({
    name: `npm package, ${filename}`,
    bytes: size,
  }));
}

export const sizes = (): Size[] => [
  file("executable", EXECUTABLE),
  ...tarballs(),
  ...(existsSync(PACKAGES) ? readdirSync(PACKAGES) : [])
    .filter((name) => name.endsWith(".deb"))
    .map((name) => file("Debian package", join(PACKAGES, name))),
];
