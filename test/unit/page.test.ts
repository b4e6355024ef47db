import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatAddress } from "../../src/ipvs/address";
import { Page } from "../../src/views/page";
import { s32, u32 } from "./arbitraries";
import { written } from "./written";

test("property: integers of 32 bits, with a sign or without", () => {
  fc.assert(fc.property(fc.oneof(u32, s32), (value) => assert.equal(written((page) => page.decimal(value)), String(value))));
});

for (const value of [0, 9, 10, 99, 100, 999_999_999, 1_000_000_000, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, -1, -10, -(2 ** 31)]) {
  test(`the number ${value}`, () => assert.equal(written((page) => page.decimal(value)), String(value)));
}

test("property: an IPv4 address", () => {
  fc.assert(fc.property(u32, (address) => assert.equal(written((page) => page.endpoint(address, 80)), `${formatAddress(address)}:80`)));
});

test("property: any text, in UTF-8", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary" })), (texts) => {
      const text = texts.join("");
      assert.equal(written((page) => texts.forEach((one) => page.text(one))), Buffer.from(text).toString());
    }),
  );
});

/** Texts in a column of six bytes. */
const COLUMNS: readonly (readonly [text: string, column: string])[] = [
  ["", "      "],
  ["abc", "abc   "],
  ["abcdef", "abcdef"],
  ["abcdefg", "abcdefg"],
  ["éé", "éé  "],
];

for (const [text, column] of COLUMNS) {
  test(`"${text}" in a column of six bytes`, () => assert.equal(written((page) => page.textColumn(text, 6)), column));
}

test("a number in a column, and one that is wider", () => {
  assert.equal(written((page) => page.numberColumn(-12, 6)), "-12   ");
  assert.equal(written((page) => page.numberColumn(4294967295, 6)), "4294967295");
});

test("a line of any length is written once, and as a whole", () => {
  for (const length of [0, 1, 2_047, 2_048, 2_049, 40_000]) {
    for (const letter of ["x", "é"]) {
      const text = letter.repeat(length);
      assert.equal(written((page) => { page.text(text); page.endLine(); page.fill(page.length + length); }), `${text}\n${" ".repeat(length)}`);
    }
  }
});

test("what stood on a page does not show in the blanks of the next, nor a text that was begun before its first character that is not ASCII", () => {
  const pieces: string[] = [];
  const page = new Page((bytes) => pieces.push(Buffer.from(bytes).toString()));
  for (const text of ["x".repeat(5_000), "y", "z".repeat(3_000), `${"w".repeat(40)}é`, ""]) {
    page.text(text);
    page.fill(page.length + 6_000);
    page.flush();
    assert.equal(pieces.pop(), text + " ".repeat(6_000));
  }
});

test("what is full is written before the end, a line not before its own", () => {
  const pieces: string[] = [];
  const page = new Page((bytes) => pieces.push(Buffer.from(bytes).toString()));
  const line = `${"x".repeat(99)}`;
  for (let count = 0; count < 1_000; count++) {
    page.text(line);
    page.endLine();
  }
  page.flush();
  page.flush();
  assert.equal(pieces.join(""), `${line}\n`.repeat(1_000));
  assert.ok(pieces.length > 4, `${pieces.length} pieces`);
  for (const piece of pieces) assert.ok(piece.endsWith("\n"));
});
