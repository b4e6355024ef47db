/** ipvsadm-save(8): options in, the kernel's table as rules out. */
import { exitWith } from "./exit-with";
import { processWorld } from "./process-world";
import { type SaveOptions, saveProgram } from "./save-restore/save-program";

const PLAIN: SaveOptions = { numeric: false, all: false, output: undefined, allowEmpty: false };
/** The calls that scripts make: they do without yargs, which takes longer to load than all else. */
const COMMON: Readonly<Record<string, SaveOptions>> = { "": PLAIN, "-n": { ...PLAIN, numeric: true } };

async function optionsOf(words: readonly string[]): Promise<SaveOptions> {
  const common = COMMON[words.join(" ")];
  if (common !== undefined) return common;
  const { parseSaveOptions } = await import("./save-restore/save-options");
  return parseSaveOptions(words);
}

exitWith(optionsOf(process.argv.slice(2)).then((options) => saveProgram(options, processWorld())));
