import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatCounter } from "../../src/views/counters";

/** On both sides of each boundary: a counter, shortened, and whole. */
const COUNTERS: readonly (readonly [value: bigint, shortened: string, exact: string])[] = [
  [0n, "        0", "        0"],
  [7n, "        7", "        7"],
  [9_999_999n, "  9999999", "  9999999"],
  [99_999_999n, " 99999999", " 99999999"],
  [100_000_000n, "  100000K", " 100000000"],
  [123_456_789n, "  123456K", " 123456789"],
  [999_999_999n, "  999999K", " 999999999"],
  [1_000_000_000n, "    1000M", " 1000000000"],
  [99_999_999_999n, "   99999M", " 99999999999"],
  [100_000_000_000n, "     100G", " 100000000000"],
  [99_999_999_999_999n, "   99999G", " 99999999999999"],
  [100_000_000_000_000n, "     100T", " 100000000000000"],
  [2n ** 53n + 1n, "    9007T", " 9007199254740993"],
  [2n ** 64n - 1n, "18446744T", " 18446744073709551615"],
];

for (const [value, shortened, exact] of COUNTERS) {
  test(`${value} is shown as "${shortened}", whole as "${exact}"`, () => {
    assert.equal(formatCounter(value, false), shortened);
    assert.equal(formatCounter(value, true), exact);
  });
}

const UNITS: Readonly<Record<string, bigint>> = { "": 1n, K: 10n ** 3n, M: 10n ** 6n, G: 10n ** 9n, T: 10n ** 12n };

test("property: a counter has nine columns, and its unit's share of the value", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (value) => {
      const shown = formatCounter(value, false);
      const [, number, letter = ""] = /^ *([0-9]+)([KMGT]?)$/.exec(shown) ?? [];
      assert.equal(shown.length, 9);
      assert.equal(BigInt(number ?? -1), value / UNITS[letter]!);
    }),
  );
});

test("property: a whole counter is whole, after a space", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (value) => {
      const shown = formatCounter(value, true);
      assert.match(shown, /^ +[0-9]+$/);
      assert.ok(shown.length >= 9);
      assert.equal(BigInt(shown), value);
    }),
  );
});
