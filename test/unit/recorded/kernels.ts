import assert from "node:assert/strict";
import type { Recording, Run } from "./exchange";
import { recording as linux61 } from "./linux-6.1";
import { recording as linux612 } from "./linux-6.12";

export const LINUX_6_1 = linux61;
export const LINUX_6_12 = linux612;
export const RECORDINGS: readonly Recording[] = [linux61, linux612];

/** What was recorded of a command line. */
export function runOf(recording: Recording, command: string): Run {
  const run = recording.runs.find((candidate) => candidate.command === command);
  assert.ok(run !== undefined, `${command} was recorded`);
  return run;
}
