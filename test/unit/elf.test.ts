/** What the Debian package depends on, of the standalone executable. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { MACHINE, needsOf } from "../../packaging/debian/elf";

const folder = mkdtempSync(join(tmpdir(), "elf-"));
after(() => rmSync(folder, { recursive: true }));

test("the executable needs libc's files, by versions of their symbols", () => {
  const { machine, libraries, versions } = needsOf("dist/standalone/ipvsadm");
  assert.ok(machine === MACHINE.amd64 || machine === MACHINE.arm64);
  assert.ok(libraries.includes("libc.so.6"));
  assert.ok(versions.includes("GLIBC_2.17"));
  assert.deepEqual(versions.filter((version) => !/^[A-Z]+_\d+(\.\d+)*$/.test(version)), []);
});

test("what is no executable is refused", () => {
  const path = join(folder, "text");
  writeFileSync(path, "#!/bin/sh\n".repeat(20));
  assert.throws(() => needsOf(path), /no ELF/);
  writeFileSync(path, "");
  assert.throws(() => needsOf(path), /ends within its headers/);
});
