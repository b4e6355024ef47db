import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { addressId, formatAddress, isSameAddress, parseInetAton, parseIpv6 } from "../../src/ipvs/address";

/** Text, and what the C library makes of it: inet_ntop of inet_pton. */
const IPV6: readonly (readonly [string, string | undefined])[] = [
  ["::", "::"],
  ["::1", "::1"],
  ["1::", "1::"],
  ["1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"],
  ["1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"],
  ["::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"],
  ["::ffff:1.2.3.4", "::ffff:1.2.3.4"],
  ["::1:2", "::0.1.0.2"],
  ["64:ff9b::1.2.3.4", "64:ff9b::102:304"],
  ["::ffff:0:1.2.3.4", "::ffff:0:102:304"],
  ["1:0:0:2:0:0:0:3", "1:0:0:2::3"],
  ["1:0:0:2:0:0:3:4", "1::2:0:0:3:4"],
  ["0:1::", "0:1::"],
  ["ABCD::Ef", "abcd::ef"],
  ["fe80::1%lo", undefined],
  ["00001::", undefined],
  ["1:::2", undefined],
  [":1::", undefined],
  ["::01.2.3.4", undefined],
  ["::1.2.3", undefined],
  ["1:2:3:4:5:6:7:8:9", undefined],
  ["1:2:3:4:5:6:7:1.2.3.4", undefined],
  ["", undefined],
];

for (const [text, expected] of IPV6) {
  test(`IPv6 "${text}" reads as ${expected ?? "nothing"}`, () => {
    const address = parseIpv6(text);
    assert.equal(address && formatAddress(address), expected);
  });
}

const IPV4: readonly (readonly [string, number | undefined])[] = [
  ["1.2.3.4", 0x01020304],
  ["1.2.3", 0x01020003],
  ["4294967295", 0xffffffff],
  ["4294967296", undefined],
  ["01.02.03.04", 0x01020304],
  ["010.1.1.1", 0x08010101],
  ["0x1.2.3.4", 0x01020304],
  ["1.2.3.4 x", 0x01020304],
  [" 1.2.3.4", undefined],
  ["1.2.65536", undefined],
  ["1.2.3.256", undefined],
  ["08.1.1.1", undefined],
  ["1..2", undefined],
  ["0x", undefined],
  ["", undefined],
];

for (const [text, expected] of IPV4) {
  test(`IPv4 "${text}" reads as ${expected ?? "nothing"}`, () => assert.equal(parseInetAton(text), expected));
}

const ADDRESSES = ["0.0.0.0", "10.0.0.1", "10.0.0.2", "255.255.255.255"].map((text) => parseInetAton(text) ?? assert.fail(text));
const ADDRESSES6 = ["::", "::1", "1::", "0:0:1::", "0:0:0:0:1::", "::1:0:0", "a00:1::", "ffff:ffff::"].map((text) => parseIpv6(text) ?? assert.fail(text));

test("addresses of two families are never the same", () => {
  for (const address of ADDRESSES) for (const other of ADDRESSES6) assert.equal(isSameAddress(address, other) || isSameAddress(other, address), false);
});

test("an address is the same as itself, and has an id of its own in its family", () => {
  for (const list of [ADDRESSES, ADDRESSES6]) {
    for (const [index, address] of list.entries()) {
      for (const [other, another] of list.entries()) {
        assert.equal(isSameAddress(address, another), index === other);
        assert.equal(addressId(address) === addressId(another), index === other);
      }
    }
  }
});

/** inet_ntop's rules, by strings. */
function plainIpv6(groups: readonly number[]): string {
  let start = 0;
  let length = 0;
  for (let from = 0; from < 8; from++) {
    const zeros = groups.slice(from).findIndex((group) => group !== 0);
    const run = zeros === -1 ? 8 - from : zeros;
    if (run > length) [start, length] = [from, run];
  }
  const text = (some: readonly number[]): string => some.map((group) => group.toString(16)).join(":");
  const [high = 0, low = 0] = groups.slice(6);
  const quad = [high >>> 8, high & 0xff, low >>> 8, low & 0xff].join(".");
  if (start === 0 && length === 6) return `::${quad}`;
  if (start === 0 && length === 5 && groups[5] === 0xffff) return `::ffff:${quad}`;
  return length < 2 ? text(groups) : `${text(groups.slice(0, start))}::${text(groups.slice(start + length))}`;
}

test("property: any IPv6 address as text", () => {
  const group = fc.oneof(fc.constantFrom(0, 0, 0, 1, 0xffff), fc.integer({ min: 0, max: 0xffff }));
  fc.assert(
    fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
      const address = Uint8Array.from(groups.flatMap((one) => [one >>> 8, one & 0xff]));
      const text = formatAddress(address);
      assert.equal(text, plainIpv6(groups));
      assert.deepEqual(parseIpv6(text), address);
    }),
    { numRuns: 1_000 },
  );
});
