/** Names that are not ASCII are the bytes that were typed, and are measured in bytes, as in C. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { PLAIN } from "../../src/command-line/intent";
import { IPPROTO } from "../../src/ipvs/constants";
import type { Change } from "../../src/ipvs/model";
import { serviceNames } from "../../src/names/services";
import { namedNaming } from "../../src/views/naming";
import { writeServer } from "../../src/views/table";
import { parse } from "./parsing";
import { server, service } from "./sample";
import { written } from "./written";

async function changeOf(...words: string[]): Promise<Change> {
  const intent = await parse(words);
  assert.ok(intent.kind === "change");
  return intent.change;
}

/** What is typed, and what the kernel is told: at most 15 bytes. */
const NAMES: readonly (readonly [typed: string, told: string])[] = [
  ["eth0", "eth0"],
  ["a".repeat(15), "a".repeat(15)],
  ["a".repeat(16), "a".repeat(15)],
  ["é0", "é0"],
  [`${"é".repeat(7)}x`, `${"é".repeat(7)}x`],
  [`${"é".repeat(7)}xy`, `${"é".repeat(7)}x`],
];

for (const [typed, told] of NAMES) {
  test(`the interface, scheduler and engine ${typed} go to the kernel as ${told}`, async () => {
    const daemon = await changeOf("--start-daemon", "master", "--mcast-interface", typed);
    assert.equal(daemon.kind === "start-daemon" && daemon.daemon.interface, told);
    const added = await changeOf("-A", "-t", "192.0.2.1:80", "-s", typed, "--pe", typed, "-p");
    assert.ok(added.kind === "add-service");
    assert.deepEqual([added.service.scheduler, added.service.engine], [told, told]);
  });
}

test("a service's name in the services database need not be ASCII", () => {
  const folder = mkdtempSync(join(tmpdir(), "services-"));
  try {
    writeFileSync(join(folder, "services"), "café 7777/tcp\n");
    const services = serviceNames(join(folder, "services"));
    assert.equal(services.port("café", IPPROTO.TCP), 7777);
    assert.equal(services.name(7777, IPPROTO.TCP), "café");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a column is filled up to 28 bytes", () => {
  const names = namedNaming(new Map([["10.0.0.1", "bücher"]]), () => undefined);
  const found = { ...server(), active: 0, inactive: 0, persistent: 0 };
  const line = written((page) => writeServer(page, service(), found, PLAIN, names));
  assert.equal(line, `  -> bücher:80${" ".repeat(18)} Route   1      0          0         \n`);
});
