/** What the command lines of lvs-realserver and lvs-director have in common. */
import { nearest, type OptionDescription, parseOptions, type ProgramSyntax, withHelp } from "../cli/options";
import { quoted } from "../cli/quoted";
import { UsageError } from "../cli/usage-error";
import type { IpAddress } from "../rtnetlink/ip";
import { SettingsFailure } from "./failure";
import { parseVip } from "./vip";

export const COMMANDS = ["start", "stop", "restart", "status", "watch"] as const;
export type Command = (typeof COMMANDS)[number];

export interface CommonLine {
  readonly command: Command;
  /** Each once. */
  readonly vips: readonly IpAddress[];
  readonly all: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
  readonly verbose: boolean;
  /** With watch: from one comparison to the next, in seconds. Undefined where it was not given. */
  readonly interval: number | undefined;
}

/** The usual and the longest time from one comparison of watch to the next, in seconds. */
export const INTERVAL = { usual: 60, longest: 86_400 } as const;

const OPTIONS = {
  all: { describe: "with stop: every VIP that was started" },
  "dry-run": { describe: "change nothing, print the commands that would do the same" },
  json: { describe: "with status: as JSON" },
  interval: { value: "SECONDS", describe: `with watch: seconds from one comparison to the next (${INTERVAL.usual})` },
  verbose: { alias: "v", describe: "print what was done, as commands" },
} as const satisfies Readonly<Record<string, OptionDescription>>;

/**
 * The command line, with what the program's own options were given; or text to
 * show, where it asks for help or the version. Throws SettingsFailure with
 * status 2.
 */
export async function parseWords(
  words: readonly string[],
  syntax: ProgramSyntax,
): Promise<{ readonly line: CommonLine; readonly given: Readonly<Record<string, unknown>> } | string> {
  const found = await parseOptions(words, { ...syntax, options: { ...syntax.options, ...OPTIONS } }).catch((error: unknown): never => {
    throw error instanceof UsageError ? new SettingsFailure(error.message, 2) : error;
  });
  if (typeof found === "string") return found;
  const [word, ...rest] = found.operands;
  const command = COMMANDS.find((one) => one === word);
  if (command === undefined) {
    const meant = word === undefined ? undefined : nearest(word, COMMANDS);
    const what = word === undefined ? "a command is missing" : `${quoted(word)}: unknown command`;
    throw new SettingsFailure(withHelp(syntax.program, `${what} (${meant === undefined ? COMMANDS.join(", ") : `did you mean ${meant}?`})`), 2);
  }
  const vips = [...new Map(rest.map(parseVip).map((vip) => [vip.address, vip])).values()];
  const given = found.options;
  const flag = (name: keyof typeof OPTIONS): boolean => given[name] === true;
  return { line: { command, vips, all: flag("all"), dryRun: flag("dry-run"), json: flag("json"), verbose: flag("verbose"), interval: intervalOf(one("interval", given["interval"])) }, given };
}

function intervalOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = /^[1-9][0-9]{0,5}$/.test(text) ? Number(text) : 0;
  if (seconds >= 1 && seconds <= INTERVAL.longest) return seconds;
  throw new SettingsFailure(`--interval: ${JSON.stringify(text)} is not a number of seconds (1 to ${INTERVAL.longest})`, 2);
}

/** The value of an option that is given once at most. Throws SettingsFailure. */
export function one(name: string, value: unknown): string | undefined {
  if (Array.isArray(value)) throw new SettingsFailure(`--${name}: given more than once: ${value.join(", ")}`, 2);
  return value === undefined ? undefined : String(value);
}

/** An option, whether it was given, and the commands that it goes with. */
export type Use = readonly [option: string, given: boolean, commands: readonly Command[]];

/** Throws SettingsFailure where an option or a VIP does not go with the command. */
export function checkUse({ command, vips, all, dryRun, json, interval }: CommonLine, uses: readonly Use[]): void {
  const common: readonly Use[] = [
    ["--all", all, ["stop"]],
    ["--dry-run", dryRun, ["start", "stop", "restart"]],
    ["--json", json, ["status"]],
    ["--interval", interval !== undefined, ["watch"]],
  ];
  for (const [option, given, commands] of [...common, ...uses]) {
    if (given && !commands.includes(command)) throw new SettingsFailure(`${option}: not with ${command}, but with ${commands.join(", ")}`, 2);
  }
  if (command === "start" && vips.length === 0) throw new SettingsFailure("start: a VIP is missing", 2);
  if (command === "stop" && vips.length === 0 && !all) throw new SettingsFailure("stop: a VIP is missing (--all stops every one)", 2);
  if (all && vips.length > 0) throw new SettingsFailure(`--all: not with a VIP (${vips.map(({ address }) => address).join(", ")})`, 2);
}
