/** ipvsadm-restore(8): rules in, the kernel's table made of them. */
import { exitWith, withUsage } from "./exit-with";
import { processWorld } from "./process-world";
import type { RestoreCall } from "./save-restore/restore-options";
import { restoreProgram } from "./save-restore/restore-program";

/** The call without a word, as init scripts make it: it does without yargs, which takes longer to load than all else. */
const PLAIN: RestoreCall = { file: undefined, options: { drain: 0, clear: false, keep: false, mode: "restore", verbose: false, skipBad: false } };

async function callOf(words: readonly string[]): Promise<RestoreCall | string> {
  if (words.length === 0) return PLAIN;
  const { parseRestoreCall } = await import("./save-restore/restore-options");
  return parseRestoreCall(words);
}

const world = processWorld();
exitWith(() =>
  withUsage("ipvsadm-restore", () => callOf(process.argv.slice(2)), ({ file, options }) => restoreProgram(file, options, world), world),
);
