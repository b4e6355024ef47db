/** What the executable is made of. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { licences } from "../../packaging/debian/bundled";
import { BUNDLES } from "../../src/standalone/layout";

test("the build has every bundle", () => {
  const script = readFileSync("src/standalone/build", "utf8");
  assert.deepEqual([...script.matchAll(/src\/(\S+)\.ts/g)].map(([, name]) => name), BUNDLES);
});

test("the licences of the packages that are in the executable go with it", async () => {
  const text = await licences();
  for (const name of ["chalk", "yargs", "zod"]) assert.match(text, new RegExp(`^---- ${name} [0-9]`, "m"));
});
