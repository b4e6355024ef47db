import { type CommandName, OPTIONS, type OptionName } from "./options";

/**
 * Which option may go with a command, a letter for each of OPTIONS:
 * "+" must be there, "x" must not, " " may, and of a digit's options
 * at most one may. A switch: a table would be made at every start.
 */
function lettersOf(command: CommandName): string {
  switch (command) {
    case "add-service": return "xx+   xxxxxxxxxxxxxxx   xxxxxxxxxx";
    case "edit-service": return "xx+   xxxxxxxxxxxxxxx   xxxxxxxxxx";
    case "delete-service": return "xx+xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
    case "flush": return "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
    case "list": return " 11xxxxxxxxx11       xxxxxxx xxxxx";
    case "add-server": return "xx+xxx+    xxxxxxxxxxxxxxxxxx     ";
    case "delete-server": return "xx+xxx+xxxxxxxxxxxxxxxxxxxxxxxxxxx";
    case "edit-server": return "xx+xxx+    xxxxxxxxxxxxxxxxxx     ";
    case "set": return "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
    case "start-daemon": return "xxxxxxxxxxx xxxxxxx xxxx    xxxxxx";
    case "stop-daemon": return "xxxxxxxxxxxxxxxxxxx xxxxxxxxxxxxxx";
    case "restore": return "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
    case "save": return " xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
    case "zero": return "xx xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
  }
}

const TUNNEL_OPTIONS = ["tun-port", "tun-nocsum", "tun-csum", "tun-remcsum"] as const satisfies readonly OptionName[];

/** By their number. */
export const TUNNEL_TYPES = ["ipip", "gue", "gre"] as const;

/** The same for them, with a letter for each of TUNNEL_OPTIONS; in the order of TUNNEL_TYPES. */
const TUNNEL_LETTERS = ["xxxx", "+111", "x11x"] as const;

/** What is wrong with the options of a command, each given once, in ipvsadm's words, or undefined. */
export function commandProblem(command: CommandName, given: readonly OptionName[]): string | undefined {
  const letters = lettersOf(command);
  return isFine(letters, given) ? undefined : problem(OPTIONS, letters, given, `'${command}' command`);
}

/** Whether all that must be there is, and all else may be: so it is with nearly every line of a restore. */
function isFine(letters: string, given: readonly OptionName[]): boolean {
  let missing = letters.split("+").length - 1;
  for (const option of given) {
    const letter = letters[OPTIONS.indexOf(option)];
    if (letter === "+") missing--;
    else if (letter !== " ") return false;
  }
  return missing === 0;
}

/** What is wrong with the options of a tunnel, in ipvsadm's words, or undefined. */
export function tunnelProblem(type: number, given: readonly OptionName[]): string | undefined {
  const letters = TUNNEL_LETTERS[type];
  return letters && problem(TUNNEL_OPTIONS, letters, given, `'${TUNNEL_TYPES[type]}' tunnel type`);
}

export function hasTunnelOption(given: readonly OptionName[]): boolean {
  for (const option of TUNNEL_OPTIONS) if (given.includes(option)) return true;
  return given.includes("tun-type");
}

function problem(
  options: readonly OptionName[],
  letters: string,
  given: readonly OptionName[],
  what: string,
): string | undefined {
  const chosen = new Map<string, OptionName>();
  for (let index = 0; index < options.length; index++) {
    const option = options[index]!;
    const letter = letters[index] ?? "x";
    if (!given.includes(option)) {
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
