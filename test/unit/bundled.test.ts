/** What the executable and the npm package are made of. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { bundled } from "../../packaging/debian/bundled";
import { licencesOf } from "../../src/licences.mjs";
import { BUNDLES } from "../../src/standalone/layout";

test("the build has every bundle", () => {
  const script = readFileSync("src/standalone/build", "utf8");
  assert.deepEqual([...script.matchAll(/src\/(\S+)\.ts/g)].map(([, name]) => name), BUNDLES);
});

const namesIn = (licences: string): string[] => [...licences.matchAll(/^---- (\S+) [0-9]/gm)].map(([, name = ""]) => name);
const has = (licences: string, ...packages: string[]): void => assert.deepEqual(packages.filter((name) => !namesIn(licences).includes(name)), []);

test("the licences of the packages that are in the executable go with it", async () => has(licencesOf([await bundled()]), "chalk", "yargs", "zod"));

test("the licences of the packages that are in the programs' bundles go with the npm package", () => {
  const { files }: { files: string[] } = JSON.parse(readFileSync("package.json", "utf8"));
  const path = "dist/third-party-licences.txt";
  assert.ok(files.includes(path));
  has(readFileSync(path, "utf8"), "chalk", "netlink", "yargs", "zod");
});

test("package.json has the guides among what is packed, and an author, who is the deb's maintainer", () => {
  const { files, author }: { files: string[]; author: string } = JSON.parse(readFileSync("package.json", "utf8"));
  assert.ok(files.includes("guides"));
  assert.match(author, /^\S.* <\S+@\S+>$/);
  assert.match(readFileSync("packaging/debian/control", "utf8"), /^Maintainer: @MAINTAINER@$/m);
  assert.match(readFileSync("packaging/debian/changelog", "utf8"), /^ -- @MAINTAINER@  /m);
});

test("a package without a licence is refused", () => {
  const root = mkdtempSync(join(tmpdir(), "licences-"));
  try {
    const folder = join(root, "node_modules/none");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), '{"name":"none","version":"1.0.0"}');
    const output = { inputs: { [join(folder, "index.js")]: { bytesInOutput: 1 } }, bytes: 1, imports: [], exports: [] };
    const metafile = { inputs: {}, outputs: { "out.js": output } };
    assert.throws(() => licencesOf([metafile]), /none has no licence/);
    writeFileSync(join(folder, "LICENSE.md"), "Do as you like.\r\n");
    assert.equal(licencesOf([metafile, metafile]), "---- none 1.0.0\n\nDo as you like.\n");
  } finally {
    rmSync(root, { recursive: true });
  }
});
