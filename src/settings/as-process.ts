import { exitWith } from "../exit-with";
import { processWorld } from "../process-world";
import { Machine } from "./machine";
import type { SettingsWorld } from "./world";

/** Runs a program over the real machine, and ends the process. */
export function asProcess(program: (words: readonly string[], world: SettingsWorld) => Promise<number>): void {
  const { out, error, environment } = processWorld();
  const coloured = process.stdout.isTTY === true && !environment["NO_COLOR"] && environment["TERM"] !== "dumb";
  exitWith(program(process.argv.slice(2), { out, error, coloured, machine: new Machine() }));
}
