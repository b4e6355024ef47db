import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { bytesOf, cut, textOf } from "../../src/netlink/text";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const TEXTS = ["", "wlc", "\0", "\x7f", "\x80", "é", "€", "𝄞", "\ufeffwith a mark", "half a pair \ud834", "a".repeat(2_048), "b".repeat(2_049), `${"c".repeat(5_000)}é`];

for (const text of TEXTS) {
  const shown = text.length > 40 ? `${text.length} characters` : JSON.stringify(text);
  test(`${shown} as bytes`, () => {
    const bytes = Buffer.from(text);
    assert.equal(hex(bytesOf(text)), bytes.toString("hex"));
    assert.equal(textOf(bytes), bytes.toString());
    assert.equal(textOf(Buffer.concat([Buffer.from("é"), bytes, Buffer.from("é")]), 2, 2 + bytes.length), bytes.toString());
  });
}

test("bytes that are no UTF-8 read as Node reads them", () => {
  for (const bytes of ["ff", "61ff62", "c3", "e282", "eda080", "c080"]) assert.equal(textOf(Buffer.from(bytes, "hex")), Buffer.from(bytes, "hex").toString());
});

test("a text is cut by its bytes", () => {
  assert.equal(cut("wlc", 3), "wlc");
  assert.equal(cut("wlcc", 3), "wlc");
  assert.equal(cut("né", 3), "né");
  assert.equal(cut("né", 2), "n\ufffd");
  assert.equal(cut("é", 0), "");
  assert.equal(cut("né".repeat(1_000), Number.POSITIVE_INFINITY), "né".repeat(1_000));
});

test("property: any text, and any bytes", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 40 }), fc.uint8Array({ maxLength: 40 }), fc.nat(50), (text, bytes, length) => {
      assert.equal(hex(bytesOf(text)), Buffer.from(text).toString("hex"));
      assert.equal(textOf(bytes), Buffer.from(bytes).toString());
      assert.equal(cut(text, length), Buffer.from(text).length <= length ? text : Buffer.from(text).subarray(0, length).toString());
    }),
  );
});
