import { exitWith, withOutput } from "../exit-with";
import { processWorld } from "../process-world";
import { Machine } from "./machine";
import type { SettingsWorld } from "./world";

/** Runs a program over the real machine, and ends the process. */
export function asProcess(name: string, program: (words: readonly string[], world: SettingsWorld) => Promise<number>): void {
  const world = processWorld();
  const { out, error, environment } = world;
  const coloured = process.stdout.isTTY === true && !environment["NO_COLOR"] && environment["TERM"] !== "dumb";
  const ended = program(process.argv.slice(2), { out, error, coloured, machine: new Machine() });
  exitWith(ended.then((status) => withOutput(name, status, world)));
}
