/** What the completions say of the programs, and what src says. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { commandProblem, hasTunnelOption, TUNNEL_TYPES, tunnelProblem } from "../../src/command-line/legality";
import { type CommandName, commandOf as wordCommand, type LongName, OPTIONS, optionName, type OptionName } from "../../src/command-line/options";
import { WORDS } from "../words";

export const PROGRAMS = ["ipvsadm", "ipvsadm-save", "ipvsadm-restore", "lvs-realserver", "lvs-director"] as const;
export type Program = (typeof PROGRAMS)[number];

/** One file for each shell, in system/completions. */
export const FILES = { bash: "ipvsadm.bash", zsh: "_ipvsadm", fish: "ipvsadm.fish" } as const;
export type Shell = keyof typeof FILES;

export const SHELLS = ["bash", "zsh", "fish"] as const satisfies readonly Shell[];

/** A word as its table has it: "-t --tcp-service tcp a TCP service". */
export interface VocabularyRow {
  readonly short: string | undefined;
  /** As it is typed. */
  readonly spelling: string;
  readonly argument: string;
  readonly meaning: string;
}

/** What may follow: "start,restart dev mode" has two keys and two items; an item is a list of alternatives. */
export interface GoesRow {
  readonly keys: readonly string[];
  readonly items: readonly (readonly string[])[];
}

export interface Facts {
  readonly vocabulary: readonly VocabularyRow[];
  readonly goes: readonly GoesRow[];
}

/** The tables of a completion file, as text: two for each program, in the order of PROGRAMS. */
export const tablesOf = (folder: string, shell: Shell): string[] =>
  [...readFileSync(join(folder, FILES[shell]), "utf8").matchAll(/'\n([^']+)'/g)].map(([, text = ""]) => text).slice(0, 2 * PROGRAMS.length);

const lines = (text: string | undefined): string[][] => (text ?? "").trim().split("\n").map((line) => line.split(/ +/));

export function factsOf(tables: readonly string[], program: Program): Facts {
  const at = 2 * PROGRAMS.indexOf(program);
  return {
    vocabulary: lines(tables[at]).map(([short = "", spelling = "", argument = "", ...meaning]) => ({
      short: short === "-" ? undefined : short,
      spelling,
      argument,
      meaning: meaning.join(" "),
    })),
    goes: lines(tables[at + 1]).map(([keys = "", ...items]) => ({ keys: keys.split(","), items: items.map((item) => item.split("/")) })),
  };
}

/** What may follow a command or option. */
export const itemsFor = ({ goes }: Facts, key: string): (readonly string[])[] => goes.filter(({ keys }) => keys.includes(key)).flatMap(({ items }) => items);

/** What a command cannot do without. */
function required(command: CommandName): OptionName[] {
  const given: OptionName[] = [];
  for (;;) {
    const [, missing] = /need to supply the '(.*)' option/.exec(commandProblem(command, given) ?? "") ?? [];
    const option = OPTIONS.find((one) => one === missing);
    if (option === undefined) return given;
    given.push(option);
  }
}

const isLegal = (command: CommandName, ...options: readonly OptionName[]): boolean =>
  commandProblem(command, [...new Set([...required(command), ...options])]) === undefined;

/** Whether a word may stand with a command, and means something there. */
export function goesWith(command: CommandName, long: LongName): boolean {
  // Legal, and without effect: 1.31 has it in its table.
  if (command === "list" && long === "syncid") return false;
  if (long === "ipv6") return goesWith(command, "fwmark-service");
  if (long === "sort") return goesWith(command, "nosort");
  const option = optionName(long);
  return option !== undefined && isLegal(command, option);
}

/** Whether two words that may both stand with a command exclude each other. */
export function excludes(command: CommandName, one: LongName, other: LongName): boolean {
  // --sort does nothing; after --nosort it would only confuse.
  if ([one, other].sort().join() === "nosort,sort") return true;
  const [first, second] = [optionName(one), optionName(other)];
  if (first === undefined || second === undefined) return false;
  return first === second || !isLegal(command, first, second);
}

/** The options that a type of tunnel takes. */
export const tunnelWords = (type: (typeof TUNNEL_TYPES)[number]): OptionName[] =>
  OPTIONS.filter(
    (option) =>
      hasTunnelOption([option]) && option !== "tun-type" && !/^Illegal/.test(tunnelProblem(TUNNEL_TYPES.indexOf(type), [option]) ?? ""),
  );

/** The commands, by the long name that is typed. */
export function commandOf(long: LongName): CommandName | undefined {
  const command = wordCommand(long);
  return command === "help" || command === "version" ? undefined : command;
}

/** How a word may be typed. */
export const spellings = (long: LongName): string[] => [
  ...new Set(WORDS.filter((word) => word.long === long).flatMap(({ short }) => [short === undefined ? [] : [`-${short}`], `--${long}`].flat())),
];
