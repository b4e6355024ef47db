import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type AttributeReader, AttributeWriter } from "../../src/netlink/attributes";
import { MalformedMessage } from "../../src/netlink/errors";
import { allAttributes, readerOf } from "./all-attributes";

const read = (bytes: Uint8Array): AttributeReader[] => allAttributes(() => readerOf(bytes));
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const inside = (attribute: AttributeReader | undefined): AttributeReader[] =>
  attribute === undefined ? [] : allAttributes(() => attribute.nested());

function only(bytes: Uint8Array): AttributeReader {
  const [attribute, ...others] = read(bytes);
  assert.ok(attribute !== undefined && others.length === 0, "one attribute");
  return attribute;
}

/** What is written, its bytes (on a little-endian machine), and what is read back. */
const INTEGERS: readonly {
  name: string;
  write: (to: AttributeWriter) => AttributeWriter;
  bytes: string;
  read: (from: AttributeReader) => number | bigint;
  value: number | bigint;
}[] = [
  { name: "u8", write: (to) => to.u8(1, 0xfe), bytes: "05000100fe000000", read: (from) => from.u8(), value: 0xfe },
  { name: "u16", write: (to) => to.u16(2, 0xfedc), bytes: "06000200dcfe0000", read: (from) => from.u16(), value: 0xfedc },
  { name: "be16", write: (to) => to.be16(3, 0xfedc), bytes: "06000300fedc0000", read: (from) => from.be16(), value: 0xfedc },
  { name: "u32", write: (to) => to.u32(4, 0xfedcba98), bytes: "0800040098badcfe", read: (from) => from.u32(), value: 0xfedcba98 },
  { name: "be32", write: (to) => to.be32(5, 0xfedcba98), bytes: "08000500fedcba98", read: (from) => from.be32(), value: 0xfedcba98 },
  { name: "s32", write: (to) => to.u32(6, 0xffffffff), bytes: "08000600ffffffff", read: (from) => from.s32(), value: -1 },
  {
    name: "u64",
    write: (to) => to.u64(7, 0xfedcba9876543210n),
    bytes: "0c00070010325476 98badcfe",
    read: (from) => from.u64(),
    value: 0xfedcba9876543210n,
  },
];

for (const { name, write, bytes, read, value } of INTEGERS) {
  test(`${name} is written, and read back`, () => {
    const written = write(new AttributeWriter()).finish();
    assert.equal(hexOf(written), bytes.replace(" ", ""));
    assert.equal(read(only(written)), value);
  });

  test(`${name} cut short is malformed`, () => {
    const { type, length } = only(write(new AttributeWriter()).finish());
    const short = new AttributeWriter().bytes(type, Buffer.alloc(length - 1)).finish();
    assert.throws(() => read(only(short)), MalformedMessage);
  });

  test(`${name} is read from the beginning of a longer value`, () => {
    const whole = only(write(new AttributeWriter()).finish());
    const longer = Buffer.concat([whole.bytes(whole.length), Buffer.from("more")]);
    assert.equal(read(only(new AttributeWriter().bytes(whole.type, longer).finish())), value);
  });
}

test("a string is as long as its bytes, and ends with a NUL over what was there", () => {
  const writer = new AttributeWriter().bytes(1, Buffer.alloc(40, 0xff)).anew();
  assert.equal(hexOf(writer.string(6, "é").finish()), "07000600c3a90000");
});

test("a string is written with its NUL", () => {
  assert.equal(hexOf(new AttributeWriter().string(6, "wrr").finish()), "0800060077727200");
});

const STRINGS: readonly (readonly [bytes: string, expected: string])[] = [
  ["wrr\0", "wrr"],
  ["wrr", "wrr"],
  ["wrr\0\0\0\0", "wrr"],
  ["wrr\0rr\0", "wrr"],
  ["\0", ""],
  ["", ""],
];

for (const [bytes, expected] of STRINGS) {
  test(`the string in ${JSON.stringify(bytes)} is "${expected}"`, () => {
    assert.equal(only(new AttributeWriter().bytes(1, Buffer.from(bytes)).finish()).string(), expected);
  });
}

test("one string after the other is its own", () => {
  const writer = new AttributeWriter();
  const values = ["777272", "777272", "776c63", "77", "", "77", "c3a9", "e9", "c3a9", "e282ac"];
  for (const value of values) writer.bytes(1, Buffer.from(value, "hex"));
  const found: string[] = [];
  for (const reader = readerOf(writer.finish()); reader.next(); ) found.push(reader.string());
  assert.deepEqual(found, values.map((value) => Buffer.from(value, "hex").toString()));
});

test("an empty value has a header alone", () => {
  const attribute = only(new AttributeWriter().bytes(9, Buffer.alloc(0)).finish());
  assert.deepEqual([attribute.type, attribute.length, attribute.bytes(0).length], [9, 0, 0]);
  assert.throws(() => attribute.u8(), MalformedMessage);
});

test("a nested attribute has the nested bit, the length of all that is in it, and no bit when it is read", () => {
  const bytes = new AttributeWriter()
    .nested(1, (outer) => outer.u8(2, 0xff).nested(3, (inner) => inner.u16(4, 5)))
    .u8(6, 7)
    .finish();
  assert.equal(hexOf(bytes), "18000180" + "05000200ff000000" + "0c000380" + "0600040005000000" + "0500060007000000");
  const [nested, after] = read(bytes);
  const [first, second] = inside(nested);
  const [innermost] = inside(second);
  assert.deepEqual([nested?.type, first?.u8(), second?.type, innermost?.u16(), after?.u8()], [1, 0xff, 3, 5, 7]);
});

test("an empty nested attribute has nothing in it", () => {
  const nested = only(new AttributeWriter().nested(1, () => undefined).finish());
  assert.deepEqual(inside(nested), []);
});

test("the byte-order bit is no part of a type", () => {
  assert.equal(only(Buffer.from("0800054000000001", "hex")).type, 5);
});

test("the last attribute may lack its padding", () => {
  assert.equal(only(Buffer.from("05000100fe", "hex")).u8(), 0xfe);
});

test("bytes are copied, so that they outlive the datagram", () => {
  const datagram = new AttributeWriter().bytes(1, Buffer.from([1, 2, 3, 4])).finish();
  const copy = only(datagram).bytes(4);
  datagram.fill(0);
  assert.deepEqual([...copy], [1, 2, 3, 4]);
});

const MALFORMED: Readonly<Record<string, string>> = {
  "a length of 0": "00000100",
  "a length below the header": "03000100",
  "a length beyond the end": "0900010000000000",
  "a header cut short": "050001",
  "a byte after the last": "050001000000000000",
};

for (const [what, bytes] of Object.entries(MALFORMED)) {
  test(`${what} is malformed`, () => assert.throws(() => read(Buffer.from(bytes, "hex")), MalformedMessage));
}

test("an attribute inside may not overrun the one around it", () => {
  // The outer has 8 bytes, the inner claims 9 of them; there are more behind.
  const outer = read(Buffer.from("0c000180" + "0900020000000000" + "0800030000000000", "hex"))[0];
  assert.throws(() => inside(outer), MalformedMessage);
});

test("property: what is written is read back, however much it is", () => {
  const value = fc.record(
    { type: fc.integer({ min: 1, max: 0x3fff }), value: fc.uint8Array({ maxLength: 700, size: "max" }) },
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(fc.array(value, { maxLength: 30, size: "max" }), (values) => {
      const writer = new AttributeWriter();
      for (const { type, value } of values) writer.bytes(type, value);
      const found = read(writer.finish());
      assert.deepEqual(
        found.map((attribute) => ({ type: attribute.type, value: new Uint8Array(attribute.bytes(attribute.length)) })),
        values,
      );
    }),
  );
});
