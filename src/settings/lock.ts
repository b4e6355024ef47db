import { spawnSync } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { SettingsFailure } from "./failure";

/** How long to wait for others, in milliseconds: each takes a second or so. */
const PATIENCE = 60_000;
/** The descriptor that flock(1) finds it under. */
const INHERITED = 3;

/**
 * Runs some work while nobody else does, in this namespace or in another that
 * has the same /run. The lock is flock(2)'s, on an open file that a child
 * flock(1) shares with us, as Node has no call for it: the kernel frees it when
 * we end, however that is. Its file is never removed.
 */
export async function locked<T>(folder: string, work: () => Promise<T>): Promise<T> {
  // Others than root cannot open it, and hold us up.
  const descriptor = openSync(join(folder, "lock"), "a", 0o600);
  try {
    const stdio = ["ignore", "ignore", "pipe", descriptor] as const;
    const { status, error, stderr } = spawnSync("flock", ["-x", String(INHERITED)], { stdio: [...stdio], timeout: PATIENCE, encoding: "utf8" });
    if (status !== 0) throw new SettingsFailure(reason(error, stderr));
    return await work();
  } finally {
    closeSync(descriptor);
  }
}

function reason(error: NodeJS.ErrnoException | undefined, stderr: string): string {
  if (error?.code === "ENOENT") return "flock(1), of util-linux, is not installed";
  if (error?.code === "ETIMEDOUT") return `another lvs-realserver or lvs-director is at work for ${PATIENCE / 1000} seconds already`;
  return `the lock cannot be had: ${stderr.trim() || error?.message}`;
}
