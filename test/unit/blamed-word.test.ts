/** Which word of a bad line is to blame, counted from 0; undefined where it is the command. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure } from "../../src/command-line/failure";
import { PoptFailure } from "../../src/command-line/popt";
import { parse } from "./parsing";

const BLAMED: readonly (readonly [line: string, at: number | undefined])[] = [
  ["-A -t 10.0.0.300:80", 2],
  ["-A -t 10.0.0.1:80 -s", 3],
  ["-A -t 10.0.0.1:80 -w 1 -w x", 6],
  ["-A -t 10.0.0.1:80 x -s rr", 3],
  ["-A x y", 1],
  ["--set 1 2 3 4", 4],
  ["--set x 2 3", 1],
  ["--set 1 2 2678401", 3],
  ["--set 1 2", undefined],
  ["--start-daemon both", 1],
  ["--stop-daemon=both", 0],
  // What a flag means hangs on the scheduler behind it.
  ["-A -t 10.0.0.1:80 -b nosuch -s sh", 4],
  ["-A -t 10.0.0.1:80 -bmh-port -s sh", 3],
  ["-A -b nosuch", 2],
  ["-A", undefined],
];

for (const [line, at] of BLAMED) {
  test(`${line}: ${at === undefined ? "the command" : `word ${at}`} is to blame`, async () => {
    await assert.rejects(parse(line.split(" ")), (error) => {
      assert.ok(error instanceof Failure || error instanceof PoptFailure);
      assert.equal(error.at, at);
      return true;
    });
  });
}
