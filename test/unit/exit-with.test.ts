import assert from "node:assert/strict";
import { test } from "node:test";
import { exitWith } from "../../src/exit-with";
import type { Soon } from "../../src/soon";

const UNFORESEEN = 70;
const PROGRAMS: readonly (readonly [string, () => Soon<number>, number])[] = [
  ["ends at once", () => 3, 3],
  ["ends later", async () => 4, 4],
  ["throws", () => assert.fail("thrown for the test of what nobody foresaw"), UNFORESEEN],
  ["rejects", async () => assert.fail("rejected for the test of what nobody foresaw"), UNFORESEEN],
];

for (const [what, program, status] of PROGRAMS) {
  test(`a program that ${what} has the status ${status}`, async () => {
    const { exit } = process;
    try {
      const ended = new Promise<unknown>((resolve) => {
        process.exit = (code) => resolve(code) as never;
      });
      exitWith(program);
      assert.equal(await ended, status);
    } finally {
      process.exit = exit;
    }
  });
}
