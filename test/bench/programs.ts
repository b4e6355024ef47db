/** What runs in turn: ours in both builds, and what they are beside. */
import { join, resolve } from "node:path";
import type { Program } from "./result";

/** Laid there by test/bench/run. */
const INSTALLED = resolve("build/installed/usr/sbin");

const FOLDERS: Readonly<Record<Program, string>> = {
  executable: INSTALLED,
  node: resolve("bin"),
  ipvsadm: "/sbin",
};

type Name = "ipvsadm" | "ipvsadm-restore";

export const path = (program: Program, name: Name = "ipvsadm"): string => join(FOLDERS[program], name);

/** What each one's runtime costs by itself. Bundled, this file is in build/bench. */
export const EMPTY: Readonly<Record<Program, readonly string[]>> = {
  executable: [join(__dirname, "empty")],
  node: [process.execPath, "-e", "0"],
  ipvsadm: ["/bin/true"],
};
