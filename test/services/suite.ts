import type { Report } from "../differential/suites/suite";
import type { Outcome } from "./booted";
import type { Machine } from "./machine";

export interface Suite {
  readonly name: string;
  run(machine: Machine, report: Report): void | Promise<void>;
}

/** What an action must answer: a text that is the whole of it, or a pattern. */
export interface Expected {
  readonly status: number;
  readonly stdout?: string | RegExp;
  readonly stderr?: string | RegExp;
}

const differs = (expected: string | RegExp, found: string): boolean =>
  typeof expected === "string" ? expected !== found : !expected.test(found);

export const problems = ({ status, stdout = "", stderr = "" }: Expected, found: Outcome): string[] => [
  ...(status === found.status ? [] : [`status ${found.status}, not ${status}: ${JSON.stringify(found)}`]),
  ...(differs(stdout, found.stdout) ? [`stdout: ${JSON.stringify(found.stdout)}, not ${String(stdout)}`] : []),
  ...(differs(stderr, found.stderr) ? [`stderr: ${JSON.stringify(found.stderr)}, not ${String(stderr)}`] : []),
];

export const same = (what: string, expected: readonly string[], found: readonly string[]): string[] =>
  JSON.stringify(expected) === JSON.stringify(found) ? [] : [`${what}: ${JSON.stringify(found)}, not ${JSON.stringify(expected)}`];
