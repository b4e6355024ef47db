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
  return [...stdout.matchAll(/^ +(?:(-\w), )?(--[\w-]+)( [A-Z]+)?  /gm)].map(([, short, long = "", value]) => ({ short, long, argument: value !== undefined }));
}
