import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Script } from "node:vm";

/** Bundled, this file is in build/unit. */
const DIST = join(__dirname, "../../dist");

for (const program of ["ipvsadm", "ipvsadm-save", "ipvsadm-restore"]) {
  test(`V8 takes the code cache of ${program}`, () => {
    const filename = join(DIST, `${program}.cjs`);
    const script = new Script(readFileSync(filename, "latin1"), { filename, cachedData: readFileSync(`${filename}.cache`) });
    assert.equal(script.cachedDataRejected, false);
  });

  test(`the bundle of ${program} is ASCII, as bin/${program} reads it`, () => {
    const bytes = readFileSync(join(DIST, `${program}.cjs`));
    assert.equal(bytes.findIndex((byte) => byte > 0x7f), -1);
  });
}

test("the programs in bin are one text: each finds its bundle by its own name", () => {
  const [first, ...others] = ["ipvsadm", "ipvsadm-save", "ipvsadm-restore"].map((name) => readFileSync(join(DIST, "../bin", name), "utf8"));
  for (const other of others) assert.equal(other, first);
});
