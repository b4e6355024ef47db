import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { help } from "../../src/commands/help";
import type { World } from "../../src/world";
import { helpedOptions } from "../helped-options";
import { WORDS } from "../words";

/** The bundled tests lie in build/unit. */
const ROOT = join(__dirname, "../..");
const MAN = join(ROOT, "man");
const PAGES = readdirSync(MAN).filter((name) => /\.[1-9]$/.test(name));

function lint(page: string): string {
  const { error, stdout, stderr } = spawnSync("mandoc", ["-T", "lint", "-W", "style", page], { cwd: MAN, encoding: "utf8" });
  if (error !== undefined) throw new Error("mandoc does not run: apt-get install mandoc", { cause: error });
  return stdout + stderr;
}

for (const page of PAGES) {
  test(`mandoc -T lint has nothing to say of ${page}`, () => assert.equal(lint(page), ""));
}

test("every page that package.json names is there, and the other way round", () => {
  const { man }: { man: string[] } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  assert.deepEqual(man.filter((page) => !existsSync(join(ROOT, page))), []);
  assert.deepEqual(man.map((page) => page.replace("./man/", "")).sort(), [...PAGES].sort());
});

/** Each option as it is typed: "-A", "--add-service". */
const OPTIONS = new Set<string>(WORDS.flatMap(({ long, short }) => [short === undefined ? "" : `-${short}`, `--${long}`]));
OPTIONS.delete("");

test("ipvsadm(8) has an entry for every option, and for none that is not there", () => hasEntriesFor(OPTIONS, "ipvsadm"));

for (const program of ["ipvsadm-save", "ipvsadm-restore", "lvs-realserver", "lvs-director"]) {
  test(`${program}(8) has an entry for every option that --help has, and for no other`, () => {
    const options = helpedOptions(program);
    assert.ok(options.length > 3);
    hasEntriesFor(new Set(options.flatMap(({ short, long }) => (short === undefined ? [long] : [short, long]))), program);
  });
}

function hasEntriesFor(options: ReadonlySet<string>, program: string): void {
  const lines = readFileSync(join(MAN, `${program}.8`), "utf8").split("\n");
  const entries = new Set(lines.flatMap(optionsOfEntry));
  assert.deepEqual([...options].filter((option) => !entries.has(option)), []);
  assert.deepEqual([...entries].filter((option) => !options.has(option)), []);
}

/** The options that head an entry of a list, as in ".It Fl t , Fl -tcp-service Ar host"; rows of a table have none. */
function optionsOfEntry(line: string): string[] {
  if (!line.startsWith(".It Fl ") || / Ta\b/.test(line)) return [];
  const [head = ""] = line.split(/ (?:Ar|Cm|No|Op) /);
  return head.split(" ").filter((word) => ![".It", "Fl", ","].includes(word)).map((word) => `-${word}`);
}

test("-h names every option", () => {
  let text = "";
  help({ program: "ipvsadm", out: (part) => (text += part) } as Partial<World> as World);
  const named = new Set(text.match(/(?<![\w-])--?[a-zA-Z0-9][a-z0-9-]*/g));
  assert.deepEqual([...OPTIONS].filter((option) => !named.has(option)), []);
});
