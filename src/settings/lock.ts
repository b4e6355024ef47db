import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { systemReason } from "../netlink/errno-text";
import { SettingsFailure } from "./failure";
import { TOOL_ENVIRONMENT } from "./tool-environment";

/** How long to wait for others, in milliseconds: each takes a second or so. */
const PATIENCE = 60_000;
/** The descriptor that flock(1) finds it under. */
const INHERITED = 3;

/**
 * Runs some work while nobody else does, in this namespace or in another that
 * has the same /run. The lock is flock(2)'s, on an open file that a child
 * flock(1) shares with us, as Node has no call for it: the kernel frees it when
 * we end, however that is. Its file is never removed. The wait for others does
 * not block the thread; `signal` ends it.
 */
export async function locked<T>(folder: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  // Others than root cannot open it, and hold us up.
  const descriptor = openSync(join(folder, "lock"), "a", 0o600);
  try {
    await flock(descriptor, signal);
    return await work();
  } finally {
    closeSync(descriptor);
  }
}

function flock(descriptor: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const flock = spawn("flock", ["-x", String(INHERITED)], { stdio: ["ignore", "ignore", "pipe", descriptor], env: TOOL_ENVIRONMENT, ...(signal && { signal }) });
    let stderr = "";
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      flock.kill();
    }, PATIENCE);
    flock.stderr?.on("data", (text: Buffer) => (stderr += text.toString()));
    flock.once("error", (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      reject(new SettingsFailure(error.code === "ENOENT" ? "flock(1), of util-linux, is not installed" : `the lock cannot be had: ${systemReason(error)}`));
    });
    flock.once("close", (status) => {
      clearTimeout(timer);
      if (status === 0) resolve();
      else if (isLate) reject(new SettingsFailure(`another lvs-realserver or lvs-director is at work for ${PATIENCE / 1000} seconds already`));
      else reject(new SettingsFailure(`the lock cannot be had: ${stderr.trim() || `flock ended with status ${status}`}`));
    });
  });
}
