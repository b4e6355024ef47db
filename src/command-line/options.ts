import type { Argument, Options } from "./popt";

/** The commands, in the order of legality.ts. */
export const COMMANDS = [
  "add-service",
  "edit-service",
  "delete-service",
  "flush",
  "list",
  "add-server",
  "delete-server",
  "edit-server",
  "set",
  "start-daemon",
  "stop-daemon",
  "restore",
  "save",
  "zero",
] as const;
export type CommandName = (typeof COMMANDS)[number];
/** What a command line may begin with. */
export type FirstWord = CommandName | "help" | "version";

/** The options as messages name them, in the order of legality.ts. */
export const OPTIONS = [
  "numeric",
  "connection",
  "service-address",
  "scheduler",
  "persistent",
  "netmask",
  "real-server",
  "forwarding-method",
  "weight",
  "u-threshold",
  "l-threshold",
  "mcast-interface",
  "timeout",
  "daemon",
  "stats",
  "rate",
  "thresholds",
  "persistent-conn",
  "nosort",
  "syncid",
  "exact",
  "ops",
  "pe",
  "sched-flags",
  "mcast-group",
  "mcast-port",
  "mcast-ttl",
  "sync-maxlen",
  "tun-info",
  "tun-type",
  "tun-port",
  "tun-nocsum",
  "tun-csum",
  "tun-remcsum",
] as const;
export type OptionName = (typeof OPTIONS)[number];

/** The words of a command line by their long names, as they are typed behind "--". Made where one is: most commands are spelt by letters. */
export const longNames = () => [
  "add-service",
  "edit-service",
  "delete-service",
  "clear",
  "restore",
  "save",
  "add-server",
  "edit-server",
  "delete-server",
  "list",
  "zero",
  "set",
  "start-daemon",
  "stop-daemon",
  "help",
  "version",
  "tcp-service",
  "udp-service",
  "sctp-service",
  "fwmark-service",
  "ipv6",
  "scheduler",
  "pe",
  "persistent",
  "netmask",
  "ops",
  "sched-flags",
  "real-server",
  "gatewaying",
  "ipip",
  "masquerading",
  "tun-type",
  "tun-port",
  "tun-nocsum",
  "tun-csum",
  "tun-remcsum",
  "weight",
  "u-threshold",
  "l-threshold",
  "connection",
  "numeric",
  "timeout",
  "daemon",
  "stats",
  "rate",
  "exact",
  "thresholds",
  "persistent-conn",
  "tun-info",
  "nosort",
  "sort",
  "mcast-interface",
  "mcast-group",
  "mcast-port",
  "mcast-ttl",
  "syncid",
  "sync-maxlen",
] as const;
export type LongName = ReturnType<typeof longNames>[number];

/** How they are spelt: by functions, as an object for each word would be made at every start (test/bench/README.md). */
export const SPELLING: Options<LongName> = { named, lettered, argument };

function named(text: string): LongName | undefined {
  for (const name of longNames()) if (name === text) return name;
  return undefined;
}

function lettered(letter: string): LongName | undefined {
  switch (letter) {
    case "A": return "add-service";
    case "E": return "edit-service";
    case "D": return "delete-service";
    case "C": return "clear";
    case "R": return "restore";
    case "S": return "save";
    case "a": return "add-server";
    case "e": return "edit-server";
    case "d": return "delete-server";
    case "L":
    case "l": return "list";
    case "Z": return "zero";
    case "h": return "help";
    case "v": return "version";
    case "t": return "tcp-service";
    case "u": return "udp-service";
    case "f": return "fwmark-service";
    case "6": return "ipv6";
    case "s": return "scheduler";
    case "p": return "persistent";
    case "M": return "netmask";
    case "o": return "ops";
    case "b": return "sched-flags";
    case "r": return "real-server";
    case "g": return "gatewaying";
    case "i": return "ipip";
    case "m": return "masquerading";
    case "w": return "weight";
    case "x": return "u-threshold";
    case "y": return "l-threshold";
    case "c": return "connection";
    case "n": return "numeric";
    case "X": return "exact";
    default: return undefined;
  }
}

function argument(name: LongName): Argument {
  switch (name) {
    case "start-daemon":
    case "stop-daemon":
    case "tcp-service":
    case "udp-service":
    case "sctp-service":
    case "fwmark-service":
    case "scheduler":
    case "pe":
    case "netmask":
    case "sched-flags":
    case "real-server":
    case "tun-type":
    case "tun-port":
    case "weight":
    case "u-threshold":
    case "l-threshold":
    case "mcast-interface":
    case "mcast-group":
    case "mcast-port":
    case "mcast-ttl":
    case "syncid":
    case "sync-maxlen": return "required";
    case "persistent": return "optional";
    default: return "none";
  }
}

/** The command that a word is, where it is one. */
export function commandOf(word: LongName): FirstWord | undefined {
  if (word === "clear") return "flush";
  if (word === "help" || word === "version") return word;
  for (const command of COMMANDS) if (command === word) return command;
  return undefined;
}

/** The option that a word is, by the name that messages have for it; undefined for a command, and for what no message names. */
export function optionName(word: LongName): OptionName | undefined {
  switch (word) {
    case "tcp-service":
    case "udp-service":
    case "sctp-service":
    case "fwmark-service": return "service-address";
    case "gatewaying":
    case "ipip":
    case "masquerading": return "forwarding-method";
    default:
      for (const name of OPTIONS) if (name === word) return name;
      return undefined;
  }
}
