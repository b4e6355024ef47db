import assert from "node:assert/strict";
import { test } from "node:test";
import { andThen, each, orElse, type Soon } from "../../src/soon";

const later = <T>(value: T): Promise<T> => new Promise((resolve) => setImmediate(() => resolve(value)));
const WAYS = { "at once": <T>(value: T): Soon<T> => value, "by and by": later } as const;

for (const [how, give] of Object.entries(WAYS)) {
  test(`a value that is there ${how} is gone on with`, async () => {
    assert.equal(await andThen(give(1), (one) => give(one + 1)), 2);
  });

  test(`what fails ${how} is done otherwise`, async () => {
    const failing = (): Soon<number> => andThen(give(1), () => assert.fail("it failed"));
    assert.equal(await orElse(failing, (error) => give(error instanceof Error && error.message === "it failed" ? 2 : 3)), 2);
    await assert.rejects(async () => orElse(failing, (error) => Promise.reject(error)), { message: "it failed" });
    assert.equal(await orElse(() => give(4), () => assert.fail("nothing failed")), 4);
  });

  test(`what comes ${how} is used in order, to its end`, async () => {
    const left = [1, 2, 3];
    const used: number[] = [];
    await each(() => give(left.shift()), (value) => used.push(value));
    assert.deepEqual(used, [1, 2, 3]);
  });

  test(`what fails while it is used ${how} ends it`, async () => {
    const left = [1, 2, 3];
    await assert.rejects(async () => each(() => give(left.shift()), () => assert.fail("not this")), { message: "not this" });
    assert.deepEqual(left, [2, 3]);
  });
}

test("where nothing has to be waited for, nothing is", () => {
  assert.equal(andThen(1, (one) => one + 1), 2);
  assert.equal(orElse(() => assert.fail("now"), () => 2), 2);
  assert.equal(each(() => undefined, () => assert.fail("nothing is there")), undefined);
  assert.throws(() => andThen(1, () => assert.fail("thrown")), { message: "thrown" });
});

test("some that are there, some that are not, stay in order", async () => {
  const left: Soon<number>[] = [1, later(2), 3, later(4)];
  const used: number[] = [];
  await each(() => left.shift(), (value) => used.push(value));
  assert.deepEqual(used, [1, 2, 3, 4]);
});
