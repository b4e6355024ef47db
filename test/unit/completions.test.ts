/** The tables of the completions against the programs: no option is forgotten, and none is made up. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { TUNNEL_TYPES } from "../../src/command-line/legality";
import type { LongName } from "../../src/command-line/options";
import * as director from "../../src/director/command-line";
import { MODES } from "../../src/director/options";
import * as realServer from "../../src/real-server/command-line";
import { TUNNELS } from "../../src/real-server/options";
import { COMMANDS } from "../../src/settings/words";
import { helpedOptions } from "../helped-options";
import { WORDS } from "../words";
import { commandOf, excludes, factsOf, goesWith, itemsFor, type Program, PROGRAMS, SHELLS, tablesOf, tunnelWords } from "../completions/facts";

/** The bundled tests lie in build/unit. */
const ROOT = join(__dirname, "../..");
const TABLES = tablesOf(join(ROOT, "system/completions"), "bash");
const factsFor = (program: Program) => factsOf(TABLES, program);
const IPVSADM = factsFor("ipvsadm");
const plain = (item: string): string => item.replace(/\+$/, "");
const isWord = (item: string): boolean => !item.startsWith("<");

for (const shell of SHELLS) {
  test(`the completions for ${shell} have the tables that all have`, () => {
    const tables = tablesOf(join(ROOT, "system/completions"), shell);
    assert.equal(tables.length, 2 * PROGRAMS.length);
    assert.deepEqual(tables, TABLES);
  });
}

test("the completions know every word of ipvsadm, and whether it takes an argument", () => {
  const argument = (text: string) => (text === "-" ? "none" : text.startsWith("[") ? "optional" : "required");
  assert.deepEqual(
    IPVSADM.vocabulary.map(({ short, spelling, argument: text }) => [short, spelling, argument(text)].join(" ")).sort(),
    WORDS.map((word) => [word.short === undefined ? undefined : `-${word.short}`, `--${word.long}`, word.argument].join(" ")).sort(),
  );
});

const commands = WORDS.map(({ long }) => long).filter((long) => commandOf(long) !== undefined || long === "help" || long === "version");

test("the completions begin with a command of ipvsadm", () => {
  assert.deepEqual(itemsFor(IPVSADM, "-").map((item) => [...item].sort()), [[...new Set(commands)].sort()]);
});

/** All that may follow in the end: what an option of the line brings with it, too. */
function reachable(program: Program, key: string, seen = new Set<string>()): Set<string> {
  const facts = factsFor(program);
  for (const name of itemsFor(facts, key).flat().map(plain)) {
    if (!isWord(name) || seen.has(name)) continue;
    seen.add(name);
    for (const { keys } of facts.goes) {
      for (const next of keys) if (next === name || next.startsWith(`${name}=`)) reachable(program, next, seen);
    }
  }
  return seen;
}

for (const long of new Set(commands)) {
  const command = commandOf(long);
  test(`after --${long}, the completions know what goes with it, and what excludes what`, () => {
    const legal = WORDS.map((word): LongName => word.long).filter((word) => command !== undefined && goesWith(command, word));
    assert.deepEqual([...reachable("ipvsadm", long)].sort(), [...legal].sort());
    if (command === undefined) return;
    const items = itemsFor(IPVSADM, long);
    const known = (name: string): LongName => legal.find((word) => word === name) ?? assert.fail(name);
    for (const [at, item] of items.entries()) {
      for (const [where, other] of items.entries()) {
        for (const one of item) {
          for (const two of other) {
            if (one !== two) assert.equal(excludes(command, known(one), known(two)), at === where, `${one} and ${two}`);
          }
        }
      }
    }
  });
}

test("the completions know what goes with which tunnel", () => {
  for (const type of TUNNEL_TYPES) {
    assert.deepEqual(itemsFor(IPVSADM, `tun-type=${type}`).flat().sort(), [...tunnelWords(type)].sort(), type);
  }
});

const choiceOf = (program: Program, spelling: string): string[] | undefined =>
  factsFor(program).vocabulary.find((row) => row.spelling === spelling)?.argument.split(",");

test("the completions know the values that the programs take", () => {
  assert.deepEqual(choiceOf("ipvsadm", "--tun-type"), TUNNEL_TYPES);
  assert.deepEqual(choiceOf("lvs-realserver", "--tunnel"), TUNNELS);
  assert.deepEqual(choiceOf("lvs-director", "--mode"), MODES);
});

for (const program of PROGRAMS.slice(1)) {
  test(`the completions know every option of ${program}`, () => {
    const options = factsFor(program).vocabulary.filter(({ spelling }) => spelling.startsWith("--"));
    const found = options.map(({ short, spelling, argument }) => [short, spelling, argument === "-" ? "none" : "one"].join(" "));
    assert.ok(found.length > 3);
    const helped = helpedOptions(program).map(({ short, long, argument }) => [short, long, argument ? "one" : "none"].join(" "));
    assert.deepEqual(found.sort(), helped.sort());
  });

  test(`the completions offer every word of ${program}`, () => {
    const { vocabulary, goes } = factsFor(program);
    const words = vocabulary.map(({ spelling }) => spelling.replace(/^--/, "")).sort();
    assert.deepEqual([...new Set(goes.flatMap(({ items }) => items.flat().map(plain)))].sort(), words);
  });
}

/** An option of lvs-realserver or lvs-director, with what it needs beside it. */
const SAMPLES: Readonly<Record<string, readonly string[]>> = {
  tunnel: ["--tunnel", "ipip"],
  port: ["--tunnel", "gue", "--port", "6081"],
  outer: ["--tunnel", "ipip", "--outer", "ipv4"],
  dev: ["--dev", "eth0"],
  mode: ["--dev", "eth0", "--mode", "nat"],
  "server-net": ["--dev", "eth0", "--mode", "fullnat", "--server-net", "10.0.0.0/8"],
  interval: ["--interval", "30"],
};

for (const [program, { parseCommandLine }] of [["lvs-realserver", realServer], ["lvs-director", director]] as const) {
  for (const command of COMMANDS) {
    test(`after ${program} ${command}, the completions offer what goes with it`, async () => {
      const always = new Set(itemsFor(factsFor(program), "-").flat());
      const options = factsFor(program).vocabulary.map(({ spelling }) => spelling).filter((spelling) => spelling.startsWith("--")).map((spelling) => spelling.slice(2)).filter((option) => !always.has(option));
      const legal: string[] = [];
      for (const option of options) {
        const vip = option === "all" ? [] : ["192.0.2.1"];
        const problem = await parseCommandLine([command, ...vip, ...(SAMPLES[option] ?? [`--${option}`])]).then(() => "", String);
        if (!/: not with (?:start|stop|restart|status|watch)/.test(problem)) legal.push(option);
      }
      assert.deepEqual([...reachable(program, command)].sort(), legal.sort());
    });
  }

  test(`the completions know the commands of ${program}`, () => {
    assert.deepEqual(itemsFor(factsFor(program), "-")[0], COMMANDS);
  });
}
