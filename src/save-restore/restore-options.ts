/** The options of ipvsadm-restore. */
import { parseOptions, type ProgramSyntax, unexpected } from "../cli/options";
import { UsageError } from "../cli/usage-error";
import type { RestoreOptions } from "./restore";

export interface RestoreCall {
  /** Standard input where there is none. */
  readonly file: string | undefined;
  readonly options: RestoreOptions;
}

const PROGRAM = "ipvsadm-restore";

const SYNTAX: ProgramSyntax = {
  program: PROGRAM,
  usage: ["[-v] [--clear|--noflush|--drain SECONDS] [--skip-bad] [FILE]", "[-v] [--clear|--noflush] [--skip-bad] --test|--dry-run [FILE]"],
  description: "Makes the kernel's table of the Linux Virtual Server that of FILE, or of standard\ninput (-).",
  options: {
    drain: { value: "SECONDS", describe: "let removed servers finish their connections, at most so many seconds" },
    noflush: { describe: "add to the table: what the input does not name stays" },
    clear: { describe: "clear the table first; all connections are lost" },
    "skip-bad": { describe: "leave bad lines out; what they may have asked for stays as it is" },
    test: { describe: "check the input, and no more" },
    "dry-run": { describe: "print what would be done, as ipvsadm lines" },
    verbose: { alias: "v", describe: "print what was changed, and how many connections were dropped" },
  },
  examples: [
    [`${PROGRAM} --dry-run /etc/ipvsadm.rules`, "look at what a file would change"],
    [`${PROGRAM} -v --drain 60 /etc/ipvsadm.rules`, "change that under traffic"],
  ],
};

/** The call; or text to show, where the words ask for help or the version. Throws UsageError. */
export async function parseRestoreCall(words: readonly string[]): Promise<RestoreCall | string> {
  const given = await parseOptions(words, SYNTAX);
  if (typeof given === "string") return given;
  const [file, operand] = given.operands;
  if (operand !== undefined) throw unexpected(PROGRAM, operand, "one file is read");
  const flag = (name: string): boolean => given.options[name] === true;
  exclude(given.options, ["clear", "noflush", "drain"]);
  exclude(given.options, ["clear", "skip-bad"]);
  exclude(given.options, ["test", "dry-run"]);
  const { drain = "0" } = given.options;
  if (Array.isArray(drain)) throw new UsageError(`--drain: given more than once: ${drain.join(", ")}`);
  if (!/^[0-9]{1,7}$/.test(String(drain))) throw new UsageError(`--drain: ${JSON.stringify(drain)} is not a number of seconds (0 to 9999999)`);
  return {
    file: file === "-" ? undefined : file,
    options: {
      drain: Number(drain),
      clear: flag("clear"),
      keep: flag("noflush"),
      mode: flag("test") ? "test" : flag("dry-run") ? "dry-run" : "restore",
      verbose: flag("verbose"),
      skipBad: flag("skip-bad"),
    },
  };
}

/** Throws UsageError where two of these were given. */
function exclude(given: Readonly<Record<string, unknown>>, names: readonly string[]): void {
  const [one, other] = names.filter((name) => given[name] !== undefined);
  if (other !== undefined) throw new UsageError(`--${one} and --${other} exclude each other`);
}
