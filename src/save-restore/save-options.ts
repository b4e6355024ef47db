/** The options of ipvsadm-save. */
import yargs from "yargs";
import { VERSION_NUMBER } from "../version-number";
import type { SaveOptions } from "./save-program";

/** Ends the process where the words are wrong, and after --help and --version. */
export function parseSaveOptions(words: readonly string[]): SaveOptions {
  const options = yargs([...words])
    .scriptName("ipvsadm-save")
    .usage("$0 [-n] [--all] [-o FILE [--allow-empty]]\n\nWrites the kernel's table of the Linux Virtual Server as rules, for ipvsadm-restore(8).")
    .option("numeric", { alias: "n", type: "boolean", default: false, describe: "numbers, not the names of hosts and services" })
    .option("all", { type: "boolean", default: false, describe: "the timeouts and synchronisation daemons, too" })
    .option("output", { alias: "o", type: "string", requiresArg: true, describe: "write to this file, whole or not at all; - is standard output" })
    .option("allow-empty", { type: "boolean", default: false, describe: "with -o: let an empty table replace a file with rules" })
    .strictOptions()
    .version(VERSION_NUMBER)
    .help()
    .alias("help", "h")
    .fail((message) => {
      process.stderr.write(`ipvsadm-save: ${message}\nTry \`ipvsadm-save --help' for more information.\n`);
      process.exit(2);
    })
    .parseSync();
  const output = options.output === "-" ? undefined : options.output;
  return { numeric: options.numeric, all: options.all, output, allowEmpty: options["allow-empty"] };
}
