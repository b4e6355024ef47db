import assert from "node:assert/strict";
import { test } from "node:test";
import { type Argument, OptionReader, type Options, type PoptError, PoptFailure } from "../../src/command-line/popt";

const TABLE: readonly { readonly long: string; readonly short?: string; readonly argument: Argument }[] = [
  { long: "list", short: "L", argument: "none" },
  { long: "numeric", short: "n", argument: "none" },
  { long: "tcp-service", short: "t", argument: "required" },
  { long: "persistent", short: "p", argument: "optional" },
  { long: "pe", argument: "required" },
];
const OPTIONS: Options<string> = {
  named: (text) => TABLE.find(({ long }) => long === text)?.long,
  lettered: (letter) => TABLE.find(({ short }) => short === letter)?.long,
  argument: (option) => TABLE.find(({ long }) => long === option)?.argument ?? "none",
};

/** What a command line is read as: "name" or "name=argument" for each option, then the words that are none. */
function read(words: readonly string[], posix = false): { options: string[]; rest: string[]; failure?: string } {
  const reader = new OptionReader(words, OPTIONS, { posix: () => posix });
  const options: string[] = [];
  try {
    for (let found = reader.next(); found !== undefined; found = reader.next()) {
      options.push(found + (reader.argument === undefined ? "" : `=${reader.argument}`));
    }
    return { options, rest: reader.rest.map(({ text }) => text) };
  } catch (error) {
    assert.ok(error instanceof PoptFailure);
    return { options, rest: reader.rest.map(({ text }) => text), failure: error.message };
  }
}

/** Words, parted by spaces, and what is read: options, then after "|" the rest. */
const READ: readonly (readonly [words: string, expected: string])[] = [
  ["", ""],
  ["-L", "list"],
  ["--list", "list"],
  ["-L -n", "list numeric"],
  ["-Ln", "list numeric"],
  ["-nL", "numeric list"],

  ["-t x", "tcp-service=x"],
  ["-tx", "tcp-service=x"],
  ["-t=x", "tcp-service=x"],
  ["-t==x", "tcp-service==x"],
  ["-Lt x", "list tcp-service=x"],
  ["-Ltx", "list tcp-service=x"],
  ["-Lt=x", "list tcp-service=x"],
  ["-tLn", "tcp-service=Ln"],
  ["-t -L", "tcp-service=-L"],
  ["-t -- -L", "tcp-service=-- list"],
  ["-t=", "tcp-service="],
  ["-t= -L", "tcp-service= list"],

  ["--tcp-service x", "tcp-service=x"],
  ["--tcp-service=x", "tcp-service=x"],
  ["--tcp-service=", "tcp-service="],
  ["--tcp-service==x", "tcp-service==x"],
  ["--tcp-service=a=b", "tcp-service=a=b"],
  ["--tcp-service --list", "tcp-service=--list"],
  ["--pe sip", "pe=sip"],

  ["-p", "persistent"],
  ["-p 60", "persistent=60"],
  ["-p60", "persistent=60"],
  ["-p=60", "persistent=60"],
  ["-p=", "persistent="],
  ["-p -L", "persistent list"],
  ["-p -- x", "persistent | x"],
  ["-p -", "persistent | -"],
  ["-pL", "persistent=L"],
  ["-Lp 60", "list persistent=60"],
  ["-Lp60", "list persistent=60"],
  ["--persistent", "persistent"],
  ["--persistent 60", "persistent=60"],
  ["--persistent=60", "persistent=60"],
  ["--persistent=", "persistent="],
  ["--persistent=-60", "persistent=-60"],
  ["--persistent -L", "persistent list"],

  ["x", "| x"],
  ["-L x -n y", "list numeric | x y"],
  ["-", "| -"],
  ["-L - -n", "list numeric | -"],
  ["--", ""],
  ["-L -- -n x", "list | -n x"],
  ["-- -- -L", "| -- -L"],
];

for (const [words, expected] of READ) {
  test(`"${words}" reads as "${expected}"`, () => {
    const { options, rest, failure } = read(words.split(" ").filter((word) => word !== ""));
    assert.equal(failure, undefined);
    assert.equal([...options, ...(rest.length === 0 ? [] : ["|", ...rest])].join(" "), expected);
  });
}

test("an empty word is no option, and an argument like another", () => {
  assert.deepEqual(read([""]), { options: [], rest: [""] });
  assert.deepEqual(read(["-t", ""]), { options: ["tcp-service="], rest: [] });
  assert.deepEqual(read(["-p", ""]), { options: ["persistent="], rest: [] });
});

/** Under POSIXLY_CORRECT the first word that is no option ends them. */
const POSIX: readonly (readonly [words: string, options: string, rest: string])[] = [
  ["-L x -n", "list", "x -n"],
  ["x -L", "", "x -L"],
  ["-L - -n", "list", "- -n"],
  ["-L -- -n", "list", "-n"],
  ["-t x -L", "tcp-service=x list", ""],
];

for (const [words, options, rest] of POSIX) {
  test(`POSIX: "${words}" has the options "${options}"`, () => {
    const found = read(words.split(" "), true);
    assert.deepEqual([found.options.join(" "), found.rest.join(" ")], [options, rest]);
  });
}

/** Words, what is read before the failure, and the word and the problem that it names. */
const FAILURES: readonly (readonly [words: string, options: string, word: string, problem: PoptError])[] = [
  ["-x", "", "-x", "unknown option"],
  ["-Lx", "list", "-Lx", "unknown option"],
  ["-L x -y", "list", "-y", "unknown option"],
  ["-=", "", "-=", "unknown option"],
  ["-Lé", "list", "-Lé", "unknown option"],
  ["--lis", "", "--lis", "unknown option"],
  ["--lists", "", "--lists", "unknown option"],
  ["--List", "", "--List", "unknown option"],
  ["--L", "", "--L", "unknown option"],
  ["---list", "", "---list", "unknown option"],
  ["--=list", "", "--=list", "unknown option"],
  ["--nosuch=x", "", "--nosuch=x", "unknown option"],
  ["-list", "", "-list", "unknown option"],
  ["-t", "", "-t", "missing argument"],
  ["-L -t", "list", "-t", "missing argument"],
  ["-Lt", "list", "-Lt", "missing argument"],
  ["--pe", "", "--pe", "missing argument"],
  ["-L=", "", "-L=", "option does not take an argument"],
  ["-L=n", "", "-L=n", "option does not take an argument"],
  ["-Ln=x", "list", "-Ln=x", "option does not take an argument"],
  ["--list=", "", "--list=", "option does not take an argument"],
  ["--list=x", "", "--list=x", "option does not take an argument"],
];

for (const [words, options, word, problem] of FAILURES) {
  test(`"${words}" fails: ${word}: ${problem}`, () => {
    const found = read(words.split(" "));
    assert.deepEqual([found.options.join(" "), found.failure], [options, `${word}: ${problem}`]);
  });
}

/** popt names the last word that it took. */
const WORDS: readonly (readonly [words: string, named: readonly string[]])[] = [
  ["-L -n", ["-L", "-n"]],
  ["-Ln", ["-Ln", "-Ln"]],
  ["-t x", ["x"]],
  ["-p -L", ["-p", "-L"]],
  ["--pe=sip", ["--pe=sip"]],
];

for (const [words, named] of WORDS) {
  test(`the options of "${words}" stand in ${named.join(", ")}`, () => {
    const reader = new OptionReader(words.split(" "), OPTIONS, { posix: () => false });
    assert.deepEqual(named.map(() => reader.next() && reader.word), named);
    assert.equal(reader.next(), undefined);
  });
}
