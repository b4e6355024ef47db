/** Any words at all come to an intent, or to a failure that ipvsadm would have. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { WORDS } from "../words";
import { outcome } from "./parsing";

const OPTION_WORDS = WORDS.flatMap(({ long, short }) => [`--${long}`, ...(short === undefined ? [] : [`-${short}`])]);
const COMMAND_WORDS = ["-A", "-E", "-D", "-a", "-e", "-d", "-L", "-Z", "-S", "--set", "--start-daemon", "--stop-daemon"];

const VALUES = [
  "192.0.2.1:80", "192.0.2.1", "[2001:db8::1]:443", "[::1]", "2001:db8::1", "[::1", "[]:", "host:http", ":80", "1.2.3.4:", "1.2.3.4:65536",
  "0", "1", "-1", "65535", "4294967295", "4294967296", "99999999999999999999", "1e3", " 5", "5 ", "+5", "0x10",
  "rr", "sh", "mh", "sh-port", "mh-port,flag-3", "master", "backup", "gue", "gre", "ipip", "sip", "224.0.0.1", "ff02::1", "255.255.255.0",
  "", "-", "--", "=", "-=", "--=", "é", "\u{1f600}", "\ud800", "\0", "a\0b", "-p", "-6", "x".repeat(70_000),
];

const word = fc.oneof(
  fc.constantFrom(...OPTION_WORDS),
  fc.constantFrom(...VALUES),
  fc.tuple(fc.constantFrom(...OPTION_WORDS), fc.constantFrom("", "="), fc.constantFrom(...VALUES)).map((parts) => parts.join("")),
  fc.string({ unit: "binary" }),
);

async function ends(words: readonly string[]): Promise<void> {
  const found = await outcome(words);
  if ("kind" in found) return;
  assert.ok(found.message !== "" && (found.status === 2 || found.status === 255), JSON.stringify(found));
}

test("property: words that are anything", async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.string({ unit: "binary" }), { maxLength: 8 }), ends));
});

test("property: options and values in any order", async () => {
  await fc.assert(fc.asyncProperty(fc.array(word, { maxLength: 10 }), ends), { numRuns: 500 });
});

test("property: a command, then options and values in any order", async () => {
  const line = fc.tuple(fc.constantFrom(...COMMAND_WORDS), fc.array(word, { maxLength: 10 }));
  await fc.assert(fc.asyncProperty(line, ([command, words]) => ends([command, ...words])), { numRuns: 500 });
});
