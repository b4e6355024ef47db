import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatAddress } from "../../src/ipvs/address";
import { AF, IPPROTO } from "../../src/ipvs/constants";
import type { ServiceKey } from "../../src/ipvs/model";
import { compareServers, compareServices, mergeSort } from "../../src/ipvs/order";
import { at, marked, server, service } from "./sample";

const name = ({ mark, protocol, family, address, port }: ServiceKey): string =>
  mark === 0 ? `${protocol} ${formatAddress(address)} ${port}` : `${mark} ${family}`;

/** In the order of a list: marks as signed numbers, then family, protocol, address, port. */
const SERVICES: readonly ServiceKey[] = [
  marked(0xc0000001),
  marked(0xffffffff),
  marked(0xffffffff, { family: AF.INET6 }),
  service({ ...at("10.0.0.1"), port: 80 }),
  service({ ...at("10.0.0.1"), port: 443 }),
  service({ ...at("10.0.0.2"), port: 1 }),
  service({ ...at("9.0.0.1"), protocol: IPPROTO.UDP, port: 1 }),
  service({ ...at("1.0.0.1"), protocol: IPPROTO.SCTP, port: 1 }),
  service({ ...at("2001:db8::1"), port: 80 }),
  service({ ...at("2001:db8::1:0:0:0"), port: 80 }),
  service({ ...at("2001:db8:1::"), port: 80 }),
  marked(1),
  marked(1, { family: AF.INET6 }),
  marked(0x3fffffff),
];

test("property: services have one order, whatever the kernel's was", () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([...SERVICES], { minLength: SERVICES.length }), (shuffled) => {
      assert.deepEqual(mergeSort(shuffled, compareServices).map(name), SERVICES.map(name));
    }),
  );
});

test("a service's family comes before its protocol", () => {
  assert.ok(compareServices(service({ ...at("::1") }), service({ protocol: IPPROTO.SCTP })) > 0);
});

test("servers go by address, then port", () => {
  const places = [["10.0.0.1", 80], ["10.0.0.1", 8080], ["10.0.0.2", 1], ["10.0.1.0", 1]] as const;
  const servers = places.map(([address, port]) => server({ ...at(address), port }));
  assert.deepEqual(mergeSort([...servers].reverse(), compareServers), servers);
});

test("what is the same compares as the same", () => {
  for (const key of SERVICES) assert.equal(compareServices(key, key), 0);
  assert.equal(compareServers(server({ weight: 1 }), server({ weight: 2 })), 0);
});

/** The sign of ipvsadm's comparison, where a difference that does not fit in 32 bits wraps. */
const WRAPS: readonly (readonly [string, string, number])[] = [
  ["1.0.0.0", "2.0.0.0", -1],
  ["1.0.0.0", "127.0.0.0", -1],
  ["1.0.0.0", "129.0.0.0", -1],
  ["1.0.0.0", "129.0.0.1", 1],
  ["1.0.0.0", "255.0.0.0", 1],
  ["::", "7fff::", -1],
  ["::", "8001::", 1],
  ["1::ffff:0:0", "1::1", 1],
  ["1::f000:0:0", "1::1", 1],
];

for (const [first, second, sign] of WRAPS) {
  test(`${first} comes ${sign < 0 ? "before" : "after"} ${second}`, () => {
    assert.equal(Math.sign(compareServers(server(at(first)), server(at(second)))), sign);
  });
}

/** Numbers whose comparison wraps, in the order that the C library's qsort (2.36) put them. */
const QSORT: readonly { numbers: readonly number[]; sorted: readonly number[] }[] = [
  { numbers: [5, 0, 0x80000000, 0xffffffff, 1, 0x7fffffff], sorted: [0xffffffff, 0, 1, 5, 0x7fffffff, 0x80000000] },
  { numbers: [0, 0x60000000, 0xc0000000], sorted: [0, 0x60000000, 0xc0000000] },
  { numbers: [0xc0000000, 0x60000000, 0], sorted: [0xc0000000, 0, 0x60000000] },
  {
    numbers: [0x60000000, 0, 0xc0000000, 0x20000000, 0xe0000000, 0xa0000000, 0x40000000],
    sorted: [0x60000000, 0xc0000000, 0xe0000000, 0, 0x20000000, 0x40000000, 0xa0000000],
  },
];

for (const { numbers, sorted } of QSORT) {
  test(`${numbers.length} numbers whose order goes in circles are sorted as qsort does: ${numbers.join(" ")}`, () => {
    assert.deepEqual(mergeSort(numbers, (a, b) => (a - b) | 0), sorted);
  });
}

test("property: mergeSort is stable, and sorts what has an order as Array.prototype.sort does", () => {
  const items = fc.array(fc.record({ key: fc.integer({ min: 0, max: 9 }), place: fc.integer() }), { maxLength: 200, size: "max" });
  fc.assert(
    fc.property(items, (items) => {
      const byKey = (a: { key: number }, b: { key: number }): number => a.key - b.key;
      const before = [...items];
      assert.deepEqual(mergeSort(items, byKey), [...items].sort(byKey));
      assert.deepEqual(items, before);
    }),
  );
});
