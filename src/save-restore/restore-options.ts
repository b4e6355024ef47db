/** The options of ipvsadm-restore. */
import yargs from "yargs";
import { VERSION_NUMBER } from "../version-number";
import type { RestoreOptions } from "./restore";

export interface RestoreCall {
  /** Standard input where there is none. */
  readonly file: string | undefined;
  readonly options: RestoreOptions;
}

function usageError(message: string): never {
  process.stderr.write(`ipvsadm-restore: ${message}\nTry \`ipvsadm-restore --help' for more information.\n`);
  process.exit(2);
}

/** Ends the process where the words are wrong, and after --help and --version. */
export function parseRestoreCall(words: readonly string[]): RestoreCall {
  const options = yargs([...words])
    .scriptName("ipvsadm-restore")
    .usage("$0 [-v] [--clear | --noflush | --drain SECONDS] [--test | --dry-run] [FILE]\n\nMakes the kernel's table of the Linux Virtual Server that of FILE, or of standard input (-).")
    .option("drain", { type: "string", requiresArg: true, describe: "let servers that leave finish their connections, this many seconds at most" })
    .option("noflush", { type: "boolean", default: false, describe: "add to the table: what the input does not name stays" })
    .option("clear", { type: "boolean", default: false, describe: "clear the table first; all connections are lost" })
    .option("test", { type: "boolean", default: false, describe: "check the input, and no more" })
    .option("dry-run", { type: "boolean", default: false, describe: "print what would be done, as ipvsadm lines" })
    .option("verbose", { alias: "v", type: "boolean", default: false, describe: "say what has changed, and how many connections each removed server still had" })
    .strictOptions()
    .version(VERSION_NUMBER)
    .help()
    .alias("help", "h")
    .fail((message) => usageError(message))
    .parseSync();

  const [file, ...more] = options._.map(String);
  if (more.length > 0) usageError(`unexpected argument ${more[0]}`);
  const ways = (["clear", "noflush", "drain"] as const).filter((way) => options[way] !== undefined && options[way] !== false);
  if (ways.length > 1) usageError(`--${ways[0]} and --${ways[1]} exclude each other`);
  if (options.test && options["dry-run"]) usageError("--test and --dry-run exclude each other");
  if (options.drain !== undefined && !/^[0-9]{1,7}$/.test(options.drain)) usageError(`--drain takes a number of seconds, not "${options.drain}"`);
  return {
    file: file === "-" ? undefined : file,
    options: {
      drain: Number(options.drain ?? 0),
      clear: options.clear,
      keep: options.noflush,
      mode: options.test ? "test" : options["dry-run"] ? "dry-run" : "restore",
      verbose: options.verbose,
    },
  };
}
