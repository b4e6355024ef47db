/** ipvsadm-save(8): options in, the kernel's table as rules out. */
import yargs from "yargs";
import { exitWith } from "./exit-with";
import { processWorld } from "./process-world";
import { saveProgram } from "./save-restore/save-program";
import { VERSION_NUMBER } from "./version-number";

const options = yargs(process.argv.slice(2))
  .scriptName("ipvsadm-save")
  .usage("$0 [-n] [--all] [-o FILE [--allow-empty]]\n\nWrites the kernel's table of the Linux Virtual Server as rules, for ipvsadm-restore(8).")
  .option("numeric", { alias: "n", type: "boolean", default: false, describe: "numbers, not the names of hosts and services" })
  .option("all", { type: "boolean", default: false, describe: "the timeouts and synchronisation daemons, too" })
  .option("output", { alias: "o", type: "string", requiresArg: true, describe: "write to this file, whole or not at all" })
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

exitWith(
  saveProgram(
    { numeric: options.numeric, all: options.all, output: options.output, allowEmpty: options["allow-empty"] },
    processWorld(),
  ),
);
