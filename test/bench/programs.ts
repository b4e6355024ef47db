/** What runs in turn: ours in both builds, and what they are beside. */
import { join, resolve } from "node:path";
import type { Program } from "./result";

/** All but ipvsadm are installed there by test/bench/run. */
const FOLDERS: Readonly<Record<Program, string>> = {
  executable: resolve("build/installed/usr/sbin"),
  node: resolve("build/npm/bin"),
  "other-executable": resolve("build/other/installed/usr/sbin"),
  "other-node": resolve("build/other/npm/bin"),
  ipvsadm: "/sbin",
};

type Name = "ipvsadm" | "ipvsadm-restore";

export const path = (program: Program, name: Name = "ipvsadm"): string => join(FOLDERS[program], name);

/** What each one's runtime costs by itself. Bundled, this file is in build/bench. */
export const EMPTY: Readonly<Record<Program, readonly string[]>> = {
  executable: [join(__dirname, "empty")],
  node: [process.execPath, "-e", "0"],
  "other-executable": [join(__dirname, "empty")],
  "other-node": [process.execPath, "-e", "0"],
  ipvsadm: ["/bin/true"],
};
