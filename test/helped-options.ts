import { spawnSync } from "node:child_process";
import { join } from "node:path";

/** The bundled tests lie in build/SUITE. */
const BIN = join(__dirname, "../../bin");

export interface HelpedOption {
  /** "-n", where it has one. */
  readonly short: string | undefined;
  readonly long: string;
  readonly argument: boolean;
}

/** The options of a program of yargs, by what its --help says. */
export function helpedOptions(program: string): HelpedOption[] {
  const { stdout, error } = spawnSync(process.execPath, [join(BIN, program), "--help"], { encoding: "utf8", env: { ...process.env, COLUMNS: "200", LC_ALL: "C" } });
  if (error !== undefined) throw error;
  // A long description goes on in the next line, and its type with it.
  return [...stdout.matchAll(/^ +(?:(-\w), )?(--[\w-]+)[^[]*\[(boolean|string|array)\]/gm)].map(([, short, long = "", type]) => ({
    short,
    long,
    argument: type !== "boolean",
  }));
}
