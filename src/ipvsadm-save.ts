/** ipvsadm-save(8): options in, the kernel's table as rules out. */
import { exitWith, withUsage } from "./exit-with";
import { processWorld } from "./process-world";
import { type SaveOptions, saveProgram } from "./save-restore/save-program";

/** The calls that scripts make do without yargs, which takes longer to load than all else. */
async function optionsOf(words: readonly string[]): Promise<SaveOptions | string> {
  const numeric = words.length === 1 && words[0] === "-n";
  if (words.length === 0 || numeric) return { numeric, all: false, output: undefined, allowEmpty: false };
  const { parseSaveOptions } = await import("./save-restore/save-options");
  return parseSaveOptions(words);
}

const world = processWorld();
exitWith(() => withUsage("ipvsadm-save", () => optionsOf(process.argv.slice(2)), (options) => saveProgram(options, world), world));
