/** Counters in both of the kernel's forms: IPVS_STATS_ATTR_* 1 to 10, in order. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { unpackServer, unpackService } from "../../src/ipvs/codec";
import { AF, DEST, SVC } from "../../src/ipvs/constants";
import type { Counters, Stats } from "../../src/ipvs/model";
import { AttributeWriter } from "../../src/netlink/attributes";
import { MalformedMessage } from "../../src/netlink/errors";
import { readerOf } from "./all-attributes";

const OPERATION = "reading";
const FIELDS = 10;

type Values = readonly bigint[];
type Fill = (inner: AttributeWriter) => void;

/** 64 bits each, since Linux 4.1. */
const wide = (values: Values): Fill => (inner) => values.forEach((value, index) => inner.u64(index + 1, value));

/** The older form: only the bytes (4 and 5) have 64 bits. */
const narrow = (values: Values): Fill => (inner) =>
  values.forEach((value, index) => (index === 3 || index === 4 ? inner.u64(index + 1, value) : inner.u32(index + 1, Number(value))));

const read = (writer: AttributeWriter) => readerOf(writer.finish());

const BOTH: readonly Counters[] = ["totals", "rates"];

/** Totals, then rates. */
const serviceStats = (write: (to: AttributeWriter) => AttributeWriter): Values =>
  BOTH.flatMap((counters) => valuesOf(unpackService(read(write(new AttributeWriter().u32(SVC.FWMARK, 1))), counters, OPERATION).stats));

const serverStats = (type: number, fill: Fill): Values =>
  BOTH.flatMap((counters) => valuesOf(unpackServer(read(new AttributeWriter().be32(DEST.ADDR, 1, 16).nested(type, fill)), AF.INET, counters, OPERATION).stats));

const valuesOf = (stats: Stats | undefined): Values =>
  stats === undefined ? [] : [stats.connections, stats.inPackets, stats.outPackets, stats.inBytes, stats.outBytes];

const ONE_TO_TEN: Values = Array.from({ length: FIELDS }, (_, index) => BigInt(index + 1));

test("the 64-bit form is read where there are both", () => {
  const old = ONE_TO_TEN.map((value) => value + 100n);
  for (const write of [
    (to: AttributeWriter) => to.nested(SVC.STATS, narrow(old)).nested(SVC.STATS64, wide(ONE_TO_TEN)),
    (to: AttributeWriter) => to.nested(SVC.STATS64, wide(ONE_TO_TEN)).nested(SVC.STATS, narrow(old)),
  ]) {
    assert.deepEqual(serviceStats(write), ONE_TO_TEN);
  }
});

test("the older form is read where it is alone", () => {
  const values = ONE_TO_TEN.map((value, index) => (index === 3 || index === 4 ? value + 2n ** 40n : value));
  assert.deepEqual(serviceStats((to) => to.nested(SVC.STATS, narrow(values))), values);
});

test("a server's counters are read in both forms", () => {
  assert.deepEqual(serverStats(DEST.STATS64, wide(ONE_TO_TEN)), ONE_TO_TEN);
  assert.deepEqual(serverStats(DEST.STATS, narrow(ONE_TO_TEN)), ONE_TO_TEN);
});

test("counters above 2^53, and the largest, are kept exactly", () => {
  const values = ONE_TO_TEN.map((value) => 2n ** 53n + value);
  assert.deepEqual(serviceStats((to) => to.nested(SVC.STATS64, wide(values))), values);
  const largest = new Array<bigint>(FIELDS).fill(2n ** 64n - 1n);
  assert.deepEqual(serviceStats((to) => to.nested(SVC.STATS64, wide(largest))), largest);
});

test("property: every counter is kept exactly", () => {
  fc.assert(
    fc.property(fc.array(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), { minLength: FIELDS, maxLength: FIELDS }), (values) => {
      assert.deepEqual(serviceStats((to) => to.nested(SVC.STATS64, wide(values))), values);
    }),
  );
});

test("what is not told is 0, and what has no name is passed over", () => {
  const found = serviceStats((to) => to.nested(SVC.STATS64, (inner) => inner.u64(2, 7n).u64(0, 1n).u64(11, 1n)));
  assert.deepEqual(found, [0n, 7n, 0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n]);
  assert.deepEqual(serviceStats((to) => to), new Array<bigint>(FIELDS).fill(0n));
});

test("counters that are not asked for are not there", () => {
  const writer = new AttributeWriter().u32(SVC.FWMARK, 1).nested(SVC.STATS64, wide(ONE_TO_TEN));
  assert.equal("stats" in unpackService(read(writer), "none", OPERATION), false);
});

test("a counter of less than four bytes is malformed", () => {
  assert.throws(() => serviceStats((to) => to.nested(SVC.STATS, (inner) => inner.u16(1, 7))), MalformedMessage);
});
