/** What the command lines of lvs-realserver and lvs-director have in common. */
import yargs, { type Options } from "yargs";
import type { IpAddress } from "../rtnetlink/ip";
import { VERSION_NUMBER } from "../version-number";
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

/** What a program has of its own. */
export interface Syntax {
  readonly program: string;
  readonly usage: string;
  readonly options: Readonly<Record<string, Options>>;
}

/** The usual and the longest time from one comparison of watch to the next, in seconds. */
export const INTERVAL = { usual: 60, longest: 86_400 } as const;

const OPTIONS = {
  all: { type: "boolean", describe: "with stop: every VIP that was started" },
  "dry-run": { type: "boolean", describe: "change nothing, print the commands that would do the same" },
  json: { type: "boolean", describe: "with status: as JSON" },
  interval: { type: "string", requiresArg: true, describe: `with watch: seconds from one comparison to the next (${INTERVAL.usual})` },
  verbose: { alias: "v", type: "boolean", describe: "print what was done, as commands" },
} as const satisfies Readonly<Record<string, Options>>;

/**
 * The command line, with what the program's own options were given; or text to
 * show, where it asks for help or the version. Throws SettingsFailure with
 * status 2.
 */
export async function parseWords(
  words: readonly string[],
  { program, usage, options }: Syntax,
): Promise<{ readonly line: CommonLine; readonly given: Readonly<Record<string, unknown>> } | string> {
  let shown = "";
  const parser = yargs()
    .scriptName(program)
    .usage(usage)
    .options({ ...options })
    .options(OPTIONS)
    .string("_")
    .strictOptions()
    .version(VERSION_NUMBER)
    .help()
    .alias("help", "h")
    .exitProcess(false)
    .fail((message, error) => {
      if (error instanceof SettingsFailure) throw error;
      const [line = ""] = (message || error?.message || "").split("\n", 1);
      throw new SettingsFailure(line, 2);
    });
  const found = await parser.parse([...words], {}, (_error, _argv, output) => {
    shown = output;
  });
  if (shown !== "") return `${shown}\n`;
  const [word, ...rest] = found._.map(String);
  const command = COMMANDS.find((one) => one === word);
  if (command === undefined) {
    const what = word === undefined ? "a command is missing" : `${JSON.stringify(word)} is no command`;
    throw new SettingsFailure(`${what}: ${COMMANDS.join(", ")}`, 2);
  }
  const vips = [...new Map(rest.map(parseVip).map((vip) => [vip.address, vip])).values()];
  const given: Readonly<Record<string, unknown>> = found;
  const flag = (name: keyof typeof OPTIONS): boolean => given[name] === true;
  return { line: { command, vips, all: flag("all"), dryRun: flag("dry-run"), json: flag("json"), verbose: flag("verbose"), interval: intervalOf(one("interval", given["interval"])) }, given };
}

function intervalOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = /^[1-9][0-9]{0,5}$/.test(text) ? Number(text) : 0;
  if (seconds >= 1 && seconds <= INTERVAL.longest) return seconds;
  throw new SettingsFailure(`--interval ${text}: a number of seconds from 1 to ${INTERVAL.longest} is expected`, 2);
}

/** What was given once; yargs makes a list of more. Throws SettingsFailure. */
export function one(name: string, value: unknown): string | undefined {
  if (Array.isArray(value)) throw new SettingsFailure(`--${name} is given more than once: ${value.join(", ")}`, 2);
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
    if (given && !commands.includes(command)) throw new SettingsFailure(`${option} has no meaning with ${command}`, 2);
  }
  if (command === "start" && vips.length === 0) throw new SettingsFailure("start: which VIP?", 2);
  if (command === "stop" && vips.length === 0 && !all) throw new SettingsFailure("stop: which VIP? (--all stops every one)", 2);
  if (all && vips.length > 0) throw new SettingsFailure(`stop: either --all or ${vips.map(({ address }) => address).join(" ")}`, 2);
}
