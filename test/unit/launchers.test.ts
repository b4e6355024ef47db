import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { transform } from "esbuild";

const CHECK = "src/check-node.cjs";
const LAUNCHERS = readdirSync("bin").map((name) => join("bin", name));

const folder = mkdtempSync(join(tmpdir(), "launchers-"));
after(() => rmSync(folder, { recursive: true }));

/** What a script prints and ends with under a Node.js that says that it is another. */
function under(version: string, ...words: readonly string[]): { stdout: string; stderr: string; status: number | null } {
  const fake = join(folder, `${version}.cjs`);
  writeFileSync(fake, `Object.defineProperty(process.versions, "node", { value: "${version}" });\n`);
  const { stdout, stderr, status } = spawnSync("node", ["--require", fake, ...words], { encoding: "utf8" });
  return { stdout, stderr, status };
}

const wanted = /"node": ">=(.*)"/.exec(readFileSync("package.json", "utf8"))?.[1] ?? "";

for (const path of [...LAUNCHERS, CHECK]) {
  test(`${path} is in the syntax of ECMAScript 5, which every Node.js can read`, async () => {
    const source = readFileSync(path, "utf8");
    // esbuild refuses what it cannot write in the older syntax, and rewrites the rest: here is nothing to do.
    const [old, latest] = await Promise.all(
      ["es5", "esnext"].map((target) => transform(source, { target, supported: { "object-extensions": false } })),
    );
    assert.equal(old?.code, latest?.code);
    assert.doesNotMatch(source, /require\("node:/);
  });
}

for (const version of ["0.10.48", "14.21.3", "18.20.8", "20.18.3"]) {
  test(`each program says that Node.js ${version} is too old`, () => {
    for (const path of LAUNCHERS) {
      const name = path.slice("bin/".length);
      const stderr = `${name}: Node.js ${version} is too old: ${wanted} or newer is needed\n`;
      assert.deepEqual(under(version, path, "-h"), { stdout: "", stderr, status: name.startsWith("lvs-") ? 1 : 2 });
    }
  });
  test(`so does the set-up of ${version}`, () => {
    const stderr = `setup: Node.js ${version} is too old: ${wanted} or newer is needed\n`;
    assert.deepEqual(under(version, CHECK, "setup"), { stdout: "", stderr, status: 1 });
  });
}

for (const version of [`${wanted}.0`, "20.20.2", "21.0.0", "100.1.0"]) {
  test(`Node.js ${version} is new enough`, () => {
    assert.deepEqual(under(version, CHECK, "setup"), { stdout: "", stderr: "", status: 0 });
    assert.match(under(version, "bin/ipvsadm", "-v").stdout, /^ipvsadm v/);
  });
}
