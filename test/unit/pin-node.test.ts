import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pinned, pinPrograms } from "../../src/pin-node";

const PROGRAM = "#!/usr/bin/env node\nprogram();\n";

const folder = mkdtempSync(join(tmpdir(), "pin-node-"));
after(() => rmSync(folder, { recursive: true }));

function packageFolder(): string {
  const root = mkdtempSync(join(folder, "package-"));
  mkdirSync(join(root, "bin"));
  writeFileSync(join(root, "bin/ipvsadm"), PROGRAM);
  chmodSync(join(root, "bin/ipvsadm"), 0o755);
  return root;
}

test("the system's own Node.js is named in the first line", () => {
  assert.equal(pinned(PROGRAM, "/usr/bin/node"), "#!/usr/bin/node\nprogram();\n");
});

test("one with a version in its path is looked for at each start, as is any for a program with another first line", () => {
  assert.equal(pinned(PROGRAM, "/opt/node-20.19.0/bin/node"), undefined);
  assert.equal(pinned("#!/bin/sh\n", "/usr/bin/node"), undefined);
});

test("an installed program is replaced, and stays executable; a second time changes nothing", () => {
  const root = packageFolder();
  for (let time = 0; time < 2; time++) {
    pinPrograms(root, "/usr/local/bin/node");
    assert.equal(readFileSync(join(root, "bin/ipvsadm"), "utf8"), "#!/usr/local/bin/node\nprogram();\n");
    assert.equal(statSync(join(root, "bin/ipvsadm")).mode & 0o777, 0o755);
  }
});

test("a checkout stays as it is", () => {
  const root = packageFolder();
  mkdirSync(join(root, "src"));
  pinPrograms(root, "/usr/bin/node");
  assert.equal(readFileSync(join(root, "bin/ipvsadm"), "utf8"), PROGRAM);
});
