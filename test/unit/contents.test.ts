import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { contents } from "../../src/files/contents";
import { textOf } from "../../src/netlink/text";

const folder = mkdtempSync(join(tmpdir(), "contents-"));
after(() => rmSync(folder, { recursive: true }));

for (const size of [0, 1, 65_535, 65_536, 65_537, 131_072, 300_000]) {
  test(`a file of ${size} bytes is read whole`, () => {
    const path = join(folder, String(size));
    const bytes = Buffer.alloc(size);
    for (let at = 0; at < size; at++) bytes[at] = (at * 31) >>> 3;
    writeFileSync(path, bytes);
    for (const room of [undefined, 1, 1_000, 500_000]) assert.ok(bytes.equals(contents(path, room)));
  });
}

test("what comes in pieces is read to its end", () => {
  const pipe = join(folder, "pipe");
  execFileSync("mkfifo", [pipe]);
  spawn("sh", ["-c", 'exec >"$1"; for piece in a b c; do printf "$piece"; sleep 0.1; done', "sh", pipe]);
  assert.equal(textOf(contents(pipe)), "abc");
});

test("a file that is not there is an error with its number", () => {
  assert.throws(() => contents(join(folder, "nothing")), { errno: -2 });
});

test("a folder cannot be read", () => {
  assert.throws(() => contents(folder));
});
