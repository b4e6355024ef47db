import { type CommandName, OPTIONS, type OptionName } from "./options";

/**
 * Which option may go with which command, a letter for each of OPTIONS:
 * "+" must be there, "x" must not, " " may, and of a digit's options
 * at most one may.
 */
const COMMAND_TABLE: Readonly<Record<CommandName, string>> = {
  "add-service": "xx+   xxxxxxxxxxxxxxx   xxxxxxxxxx",
  "edit-service": "xx+   xxxxxxxxxxxxxxx   xxxxxxxxxx",
  "delete-service": "xx+xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
  flush: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
  list: " 11xxxxxxxxx11       xxxxxxx xxxxx",
  "add-server": "xx+xxx+    xxxxxxxxxxxxxxxxxx     ",
  "delete-server": "xx+xxx+xxxxxxxxxxxxxxxxxxxxxxxxxxx",
  "edit-server": "xx+xxx+    xxxxxxxxxxxxxxxxxx     ",
  set: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
  "start-daemon": "xxxxxxxxxxx xxxxxxx xxxx    xxxxxx",
  "stop-daemon": "xxxxxxxxxxxxxxxxxxx xxxxxxxxxxxxxx",
  restore: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
  save: " xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
  zero: "xx xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
};

const TUNNEL_OPTIONS = ["tun-port", "tun-nocsum", "tun-csum", "tun-remcsum"] as const satisfies readonly OptionName[];

/** The same for the tunnel types, by their number, and a letter for each of TUNNEL_OPTIONS. */
const TUNNEL_TABLE = [
  { name: "ipip", letters: "xxxx" },
  { name: "gue", letters: "+111" },
  { name: "gre", letters: "x11x" },
] as const;

export const TUNNEL_TYPES = TUNNEL_TABLE.map(({ name }) => name);

/** What is wrong with the options of a command, in ipvsadm's words, or undefined. */
export const commandProblem = (command: CommandName, given: ReadonlySet<OptionName>): string | undefined =>
  isFine(COMMAND_TABLE[command], given) ? undefined : problem(OPTIONS, COMMAND_TABLE[command], given, `'${command}' command`);

const PLACES = new Map<OptionName, number>();
for (const option of OPTIONS) PLACES.set(option, PLACES.size);

/** Whether all that must be there is, and all else may be: so it is with nearly every line of a restore. */
function isFine(letters: string, given: ReadonlySet<OptionName>): boolean {
  let missing = letters.split("+").length - 1;
  for (const option of given) {
    const letter = letters[PLACES.get(option) ?? -1];
    if (letter === "+") missing--;
    else if (letter !== " ") return false;
  }
  return missing === 0;
}

/** What is wrong with the options of a tunnel, in ipvsadm's words, or undefined. */
export function tunnelProblem(type: number, given: ReadonlySet<OptionName>): string | undefined {
  const row = TUNNEL_TABLE[type];
  return row && problem(TUNNEL_OPTIONS, row.letters, given, `'${row.name}' tunnel type`);
}

export const hasTunnelOption = (given: ReadonlySet<OptionName>): boolean =>
  given.has("tun-type") || TUNNEL_OPTIONS.some((option) => given.has(option));

function problem(
  options: readonly OptionName[],
  letters: string,
  given: ReadonlySet<OptionName>,
  what: string,
): string | undefined {
  const chosen = new Map<string, OptionName>();
  for (let index = 0; index < options.length; index++) {
    const option = options[index]!;
    const letter = letters[index] ?? "x";
    if (!given.has(option)) {
      if (letter === "+") return `You need to supply the '${option}' option for the ${what}`;
      continue;
    }
    if (letter === "x") return `Illegal '${option}' option with the ${what}`;
    if (letter === "+" || letter === " ") continue;
    const other = chosen.get(letter);
    if (other !== undefined) return `The option '${option}' conflicts with the '${other}' option in the ${what}`;
    chosen.set(letter, option);
  }
  return undefined;
}
