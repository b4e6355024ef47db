import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Failure } from "../../src/command-line/failure";
import { parseSchedulerFlags, schedulerFlagNames } from "../../src/command-line/scheduler-flags";
import { SVC_F } from "../../src/ipvs/constants";

const { SCHED1, SCHED2, SCHED3, PERSISTENT, HASHED, ONEPACKET } = SVC_F;

/** What a scheduler's service calls its flags. */
const NAMES: readonly (readonly [scheduler: string, flags: number, names: string])[] = [
  ["sh", SCHED1, "sh-fallback"],
  ["sh", SCHED2, "sh-port"],
  ["sh", SCHED3, "flag-3"],
  ["sh", SCHED1 | SCHED2 | SCHED3, "sh-fallback,sh-port,flag-3"],
  ["mh", SCHED1 | SCHED2, "mh-fallback,mh-port"],
  ["mh", SCHED2 | SCHED3, "mh-port,flag-3"],
  ["wlc", SCHED1 | SCHED2 | SCHED3, "flag-1,flag-2,flag-3"],
  ["", SCHED2, "flag-2"],
  ["sh", 0, ""],
  ["sh", PERSISTENT | HASHED | ONEPACKET, ""],
];

for (const [scheduler, flags, names] of NAMES) {
  test(`flags ${flags} of "${scheduler}" are "${names}"`, () => {
    assert.equal(schedulerFlagNames(scheduler, flags).join(","), names);
  });
}

const READ: readonly (readonly [scheduler: string, text: string, flags: number])[] = [
  ["sh", "", 0],
  ["sh", "sh-fallback", SCHED1],
  ["sh", "sh-port,sh-fallback", SCHED1 | SCHED2],
  ["sh", "sh-port,sh-port", SCHED2],
  ["sh", "flag-1,flag-2,flag-3", SCHED1 | SCHED2 | SCHED3],
  ["mh", "mh-fallback,mh-port", SCHED1 | SCHED2],
  ["wlc", "flag-3", SCHED3],
  ["wlc", ",flag-1,,flag-2,", SCHED1 | SCHED2],
];

for (const [scheduler, text, flags] of READ) {
  test(`"${text}" for ${scheduler} is ${flags}`, () => assert.equal(parseSchedulerFlags(scheduler, text), flags));
}

const REFUSED: readonly (readonly [scheduler: string, text: string, message: string])[] = [
  ["sh", "mh-port", "incompatible scheduler flag `mh-port'"],
  ["mh", "mh-port,sh-port", "incompatible scheduler flag `sh-port'"],
  ["wlc", "sh-fallback", "incompatible scheduler flag `sh-fallback'"],
  ["sh", "nosuch", "invalid scheduler flag `nosuch'"],
  ["sh", "sh-port,flag-4", "invalid scheduler flag `flag-4'"],
  ["sh", "SH-PORT", "invalid scheduler flag `SH-PORT'"],
];

for (const [scheduler, text, message] of REFUSED) {
  test(`"${text}" for ${scheduler} is refused: ${message}`, () => {
    const refused = (error: unknown): boolean => error instanceof Failure && error.status === 2 && error.message === message;
    assert.throws(() => parseSchedulerFlags(scheduler, text), refused);
  });
}

test("property: what names no flag is refused by its own text", () => {
  const noName = fc.string({ minLength: 1 }).filter((text) => !/(?:sh|mh|flag)-/.test(text));
  fc.assert(
    fc.property(noName, (text) => {
      assert.throws(() => parseSchedulerFlags("sh", text), /^(?:Error: )?invalid scheduler flag `/);
    }),
  );
});

test("property: the names of any flags read back as these flags", () => {
  const flags = fc.subarray([SCHED1, SCHED2, SCHED3], { minLength: 1 }).map((bits) => bits.reduce((sum: number, bit) => sum | bit, 0));
  fc.assert(
    fc.property(fc.constantFrom("sh", "mh", "wlc", "rr"), flags, (scheduler, flags) => {
      assert.equal(parseSchedulerFlags(scheduler, schedulerFlagNames(scheduler, flags).join(",")), flags);
    }),
  );
});
