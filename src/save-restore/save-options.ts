/** The options of ipvsadm-save. */
import { parseOptions, type ProgramSyntax, unexpected } from "../cli/options";
import { UsageError } from "../cli/usage-error";
import type { SaveOptions } from "./save-program";

const PROGRAM = "ipvsadm-save";

const SYNTAX: ProgramSyntax = {
  program: PROGRAM,
  usage: ["[-n] [--all] [-o FILE [--allow-empty]]"],
  description: "Writes the kernel's table of the Linux Virtual Server as rules, for\nipvsadm-restore(8).",
  options: {
    numeric: { alias: "n", describe: "numbers, not the names of hosts and services" },
    all: { describe: "the timeouts and synchronisation daemons, too" },
    output: { alias: "o", value: "FILE", describe: "write to this file, whole or not at all; - is standard output" },
    "allow-empty": { describe: "with -o: let an empty table replace a file with rules" },
  },
  examples: [
    [`${PROGRAM} -n -o /etc/ipvsadm.rules`, "keep the table for the next boot"],
    [`${PROGRAM} -n --all`, "show all that there is"],
  ],
};

/** The options; or text to show, where the words ask for help or the version. Throws UsageError. */
export async function parseSaveOptions(words: readonly string[]): Promise<SaveOptions | string> {
  const given = await parseOptions(words, SYNTAX);
  if (typeof given === "string") return given;
  const [operand] = given.operands;
  if (operand !== undefined) throw unexpected(PROGRAM, operand, "-o FILE writes to a file");
  const { numeric, all, output, "allow-empty": allowEmpty } = given.options;
  if (Array.isArray(output)) throw new UsageError(`--output: given more than once: ${output.join(", ")}`);
  if (output === "") throw new UsageError("--output: a name of a file is missing");
  return {
    numeric: numeric === true,
    all: all === true,
    output: output === undefined || output === "-" ? undefined : String(output),
    allowEmpty: allowEmpty === true,
  };
}
