/** How the programs beside ipvsadm read their command lines: by popt's rules, as ipvsadm does, and with yargs's help. */
import yargs from "yargs";
import { OptionReader, PoptFailure } from "../command-line/popt";
import { VERSION_NUMBER } from "../version-number";
import { quoted } from "./quoted";
import { UsageError } from "./usage-error";

export interface OptionDescription {
  /** One letter. */
  readonly alias?: string;
  /** What its value is called in the help; an option without one has none. */
  readonly value?: string;
  readonly describe: string;
}

export interface ProgramSyntax {
  readonly program: string;
  /** What may stand behind the program's name, a line each. */
  readonly usage: readonly string[];
  readonly description: string;
  /** By long names. */
  readonly options: Readonly<Record<string, OptionDescription>>;
  readonly examples: readonly (readonly [line: string, what: string])[];
}

/** What was given: true for an option without a value, a list where one was given more than once. */
export interface Given {
  readonly options: Readonly<Record<string, unknown>>;
  readonly operands: readonly string[];
}

const SHOWN: Readonly<Record<string, OptionDescription>> = {
  help: { alias: "h", describe: "show this text" },
  version: { alias: "V", describe: "show the version" },
};

/** The command line; or text to show, where it asks for help or the version. Throws UsageError. */
export async function parseOptions(words: readonly string[], syntax: ProgramSyntax): Promise<Given | string> {
  const { program, usage, description, examples } = syntax;
  const options = { ...syntax.options, ...SHOWN };
  const lines = usage.map((line) => `${program} ${line}`.trimEnd());
  // yargs is told no types: it would show them, and take "true" behind an option for its value.
  const described = Object.entries(options).map(([name, { alias, value, describe }]) => [value === undefined ? name : `${name} ${value}`, { alias: alias ?? [], describe }] as const);
  const parser = yargs()
    .scriptName(program)
    .detectLocale(false)
    // Both are options like the others here.
    .version(false)
    .help(false)
    // It would break and indent the lines of the usage, too.
    .wrap(null)
    .parserConfiguration({
      "boolean-negation": false,
      "camel-case-expansion": false,
      "dot-notation": false,
      "parse-numbers": false,
      "parse-positional-numbers": false,
    })
    .usage(`Usage: ${lines.join("\n       ")}\n\n${description}`)
    .options(Object.fromEntries(described))
    .example(examples.map(([line, what]): [string, string] => [line, what]))
    .exitProcess(false);
  const found: Readonly<Record<string, unknown>> & { _: readonly unknown[] } = await parser.parse(spelledOut(words, program, options));
  if (found["help"] === true) return `${await parser.getHelp()}\n`;
  if (found["version"] === true) return `${program} ${VERSION_NUMBER}\n`;
  return { options: found, operands: found._.map(String) };
}

/** Each option by its long name, with its value behind "=". Throws UsageError. */
function spelledOut(words: readonly string[], program: string, options: ProgramSyntax["options"]): string[] {
  const names = Object.keys(options);
  const reader = new OptionReader<string>(
    words,
    {
      named: (text) => names.find((name) => name === text),
      lettered: (letter) => names.find((name) => options[name]?.alias === letter),
      argument: (name) => (options[name]?.value === undefined ? "none" : "required"),
    },
    { posix: () => false },
  );
  const spelled: string[] = [];
  try {
    for (let name = reader.next(); name !== undefined; name = reader.next()) {
      spelled.push(reader.argument === undefined ? `--${name}` : `--${name}=${reader.argument}`);
    }
  } catch (error) {
    if (!(error instanceof PoptFailure)) throw error;
    const [word = ""] = error.word.split("=", 1);
    const meant = error.problem === "unknown option" ? nearest(word, names) : undefined;
    throw new UsageError(withHelp(program, `${word}: ${error.problem}${meant === undefined ? "" : ` (did you mean --${meant}?)`}`));
  }
  return [...spelled, "--", ...reader.rest.map(({ text }) => text)];
}

/** A message about words that the program does not have, with the way to those that it has. */
export const withHelp = (program: string, message: string): string => `${message}\nTry \`${program} --help' for more information.`;

/** Of an operand that a program does not take. */
export const unexpected = (program: string, operand: string, instead: string): UsageError =>
  new UsageError(withHelp(program, `${quoted(operand)}: unexpected argument${instead === "" ? "" : ` (${instead})`}`));

/** The name that a word was most likely meant to be: at most two letters are wrong, or it is a beginning. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const typed = word.replace(/^-+/, "");
  if (typed.length < 2) return undefined;
  const [best] = names
    .map((name) => ({ name, distance: name.startsWith(typed) ? 1 : editDistance(typed, name) }))
    .filter(({ name, distance }) => distance <= 2 && distance < name.length - 1)
    .sort((a, b) => a.distance - b.distance);
  return best?.name;
}

/** How many letters have to be put in, taken out or changed (Levenshtein). */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [above, letter] of [...from].entries()) {
    const next = [above + 1];
    for (const [left, other] of [...to].entries()) {
      next.push(Math.min((row[left] ?? 0) + (letter === other ? 0 : 1), (row[left + 1] ?? 0) + 1, (next[left] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
