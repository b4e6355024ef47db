import { exitWith, withOutput } from "../exit-with";
import { processStreams } from "../process-streams";
import { Machine } from "./machine";
import type { SettingsWorld } from "./world";

/** Runs a program over the real machine, and ends the process. */
export function asProcess(name: string, program: (words: readonly string[], world: SettingsWorld) => Promise<number>): void {
  const streams = processStreams();
  const { out, error } = streams;
  const environment = streams.environment();
  const coloured = process.stdout.isTTY === true && !environment["NO_COLOR"] && environment["TERM"] !== "dumb";
  const ended = program(process.argv.slice(2), { out, error, coloured, machine: new Machine(), interruption });
  exitWith(() => ended.then((status) => withOutput(name, status, streams)));
}

function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => controller.abort(signal));
  return controller.signal;
}
