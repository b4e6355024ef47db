/** What the programs of yargs say of every option: their own words, and never those of yargs, Node.js or Bun. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { nearest } from "../../src/cli/options";
import { parseCommandLine as director } from "../../src/director/command-line";
import { errnoText, systemReason } from "../../src/netlink/errno-text";
import { ERRNO } from "../../src/netlink/errors";
import { parseCommandLine as realServer } from "../../src/real-server/command-line";
import { parseRestoreCall } from "../../src/save-restore/restore-options";
import { parseSaveOptions } from "../../src/save-restore/save-options";

const PROGRAMS = {
  "ipvsadm-save": { parse: parseSaveOptions, command: [] },
  "ipvsadm-restore": { parse: parseRestoreCall, command: [] },
  "lvs-realserver": { parse: realServer, command: ["start", "192.0.2.1"] },
  "lvs-director": { parse: director, command: ["start", "192.0.2.1"] },
} as const;

/** Words of the tools that these programs are made with. */
const FOREIGN = /Unknown argument|Not enough arguments|Missing|Invalid values|mutually exclusive|\bE[A-Z]{3,}\b|\[(?:boolean|string|array|default)|undefined|NaN|node:|at Object|Error/;

type Parse = (words: readonly string[]) => Promise<unknown>;
const saidOf = (parse: Parse, words: readonly string[]): Promise<string> =>
  parse(words).then((found) => assert.fail(`${words.join(" ")} is taken: ${JSON.stringify(found)}`), (error: unknown) => (error instanceof Error ? error.message : String(error)));

for (const [program, { parse, command }] of Object.entries(PROGRAMS)) {
  const help = async (): Promise<string> => {
    const text = await parse(["--help"]);
    assert.ok(typeof text === "string");
    return text;
  };
  const options = async () => [...(await help()).matchAll(/^ +(?:-(\w), )?--([\w-]+)( [A-Z]+)?  /gm)].map(([, letter, name = "", value]) => ({ letter, name, value }));

  test(`${program} --help has a usage line, an example, and no types`, async () => {
    const text = await help();
    assert.ok(text.startsWith(`Usage: ${program} `), text);
    assert.match(text, new RegExp(`^Examples:\n  ${program} `, "m"));
    assert.doesNotMatch(text, FOREIGN);
    assert.deepEqual(text.split("\n").filter((line) => line.length > 100), []);
    assert.ok((await options()).length >= 6);
  });

  test(`${program} --version and -V say which program it is`, async () => {
    for (const word of ["--version", "-V"]) assert.match(String(await parse([word])), new RegExp(`^${program} \\d+\\.\\d+\\.\\d+\n$`));
  });

  test(`${program} names every option that is misspelt, and what was meant`, async () => {
    for (const { name } of await options()) {
      const swapped = name.replace(/(.)(.)$/, "$2$1");
      for (const wrong of [`--${name}x`, `--${swapped}`, `--no-${name}`]) {
        if (wrong === `--${name}`) continue;
        const said = await saidOf(parse, [...command, wrong]);
        assert.ok(said.startsWith(`${wrong}: unknown option`), said);
        assert.ok(said.endsWith(`\nTry \`${program} --help' for more information.`), said);
        assert.doesNotMatch(said, FOREIGN);
        if (wrong === `--${name}x`) assert.ok(said.includes(`(did you mean --${name}?)`), said);
      }
    }
    assert.match(await saidOf(parse, [...command, "-Q"]), /^-Q: unknown option\nTry/);
  });

  test(`${program} refuses a value where none belongs, a wrong value, and none where one belongs`, async () => {
    for (const { name, letter, value } of await options()) {
      const spellings = [`--${name}`, ...(letter === undefined ? [] : [`-${letter}`])];
      for (const spelling of spellings) {
        const said = await saidOf(parse, [...command, value === undefined ? `${spelling}=x` : spelling]);
        assert.match(said, value === undefined ? /^-\S+: option does not take an argument\nTry/ : /^-\S+: missing argument\nTry/);
        assert.ok(said.startsWith(spelling), said);
        assert.doesNotMatch(said, FOREIGN);
      }
      if (value === undefined) continue;
      for (const wrong of ["", " ", "\u{1b}[31m", "-1", "1e3", "a/b c"]) {
        // A file may be called so.
        if (name === "output" && wrong !== "") continue;
        // The kernel takes it for the name of a device.
        if (name === "dev" && !/^$|[/ ]/.test(wrong)) continue;
        const said = await saidOf(parse, [...command, `--${name}=${wrong}`]);
        assert.match(said, /^(?:--[\w-]+|start)[^:]*: /, said);
        assert.doesNotMatch(said, FOREIGN);
        assert.ok(!said.includes("\u{1b}"), JSON.stringify(said));
      }
      const twice = await saidOf(parse, [...command, `--${name}=1`, `--${name}=2`]);
      assert.doesNotMatch(twice, FOREIGN);
    }
  });
}

test("an operand that a program does not take is refused", async () => {
  assert.equal(await saidOf(parseSaveOptions, ["/etc/ipvsadm.rules"]), "/etc/ipvsadm.rules: unexpected argument (-o FILE writes to a file)\nTry `ipvsadm-save --help' for more information.");
  assert.equal(await saidOf(parseRestoreCall, ["a", "b"]), "b: unexpected argument (one file is read)\nTry `ipvsadm-restore --help' for more information.");
});

test("options are read as ipvsadm reads its own", async () => {
  for (const words of [["-noFILE"], ["-n", "-o", "FILE"], ["-o=FILE", "-n"], ["--output=FILE", "--numeric"], ["--output", "FILE", "-n"]]) {
    assert.deepEqual(await parseSaveOptions(words), { numeric: true, all: false, output: "FILE", allowEmpty: false });
  }
  // A name is a name, whatever number it looks like.
  for (const file of ["0x10", "007", "true", "1e3"]) assert.equal((await parseRestoreCall(["--test", file]) as { file: string }).file, file);
});

test("a suggestion is near, or there is none", () => {
  const names = ["tunnel", "port", "persist", "dry-run"];
  assert.deepEqual(["--tunel", "--dryrun", "--pers", "--banana", "-x"].map((word) => nearest(word, names)), ["tunnel", "dry-run", "persist", undefined, undefined]);
});

test("every error number has words", () => {
  for (const errno of Object.values(ERRNO).filter((one) => typeof one === "number")) assert.doesNotMatch(errnoText(errno), /Unknown/, ERRNO[errno]);
  assert.equal(systemReason(Object.assign(new Error("ENOENT: no such file or directory, open '/nodir/.x.1036.tmp'"), { errno: -2, code: "ENOENT" })), "No such file or directory");
});
