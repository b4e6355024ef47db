import type { OptionSpec } from "./popt";

/** The commands, in the order of the legality table. */
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

/** The options as messages name them, in the order of the legality table. */
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

/** The words of a command line: what each is spelt, whether it takes an argument, and the command that it is. */
export const WORDS = [
  { long: "add-service", short: "A", argument: "none", command: "add-service" },
  { long: "edit-service", short: "E", argument: "none", command: "edit-service" },
  { long: "delete-service", short: "D", argument: "none", command: "delete-service" },
  { long: "clear", short: "C", argument: "none", command: "flush" },
  { long: "restore", short: "R", argument: "none", command: "restore" },
  { long: "save", short: "S", argument: "none", command: "save" },
  { long: "add-server", short: "a", argument: "none", command: "add-server" },
  { long: "edit-server", short: "e", argument: "none", command: "edit-server" },
  { long: "delete-server", short: "d", argument: "none", command: "delete-server" },
  { long: "list", short: "L", argument: "none", command: "list" },
  { long: "list", short: "l", argument: "none", command: "list" },
  { long: "zero", short: "Z", argument: "none", command: "zero" },
  { long: "set", argument: "none", command: "set" },
  { long: "start-daemon", argument: "required", command: "start-daemon" },
  { long: "stop-daemon", argument: "required", command: "stop-daemon" },
  { long: "help", short: "h", argument: "none", command: "help" },
  { long: "version", short: "v", argument: "none", command: "version" },
  { long: "tcp-service", short: "t", argument: "required" },
  { long: "udp-service", short: "u", argument: "required" },
  { long: "sctp-service", argument: "required" },
  { long: "fwmark-service", short: "f", argument: "required" },
  { long: "ipv6", short: "6", argument: "none" },
  { long: "scheduler", short: "s", argument: "required" },
  { long: "pe", argument: "required" },
  { long: "persistent", short: "p", argument: "optional" },
  { long: "netmask", short: "M", argument: "required" },
  { long: "ops", short: "o", argument: "none" },
  { long: "sched-flags", short: "b", argument: "required" },
  { long: "real-server", short: "r", argument: "required" },
  { long: "gatewaying", short: "g", argument: "none" },
  { long: "ipip", short: "i", argument: "none" },
  { long: "masquerading", short: "m", argument: "none" },
  { long: "tun-type", argument: "required" },
  { long: "tun-port", argument: "required" },
  { long: "tun-nocsum", argument: "none" },
  { long: "tun-csum", argument: "none" },
  { long: "tun-remcsum", argument: "none" },
  { long: "weight", short: "w", argument: "required" },
  { long: "u-threshold", short: "x", argument: "required" },
  { long: "l-threshold", short: "y", argument: "required" },
  { long: "connection", short: "c", argument: "none" },
  { long: "numeric", short: "n", argument: "none" },
  { long: "timeout", argument: "none" },
  { long: "daemon", argument: "none" },
  { long: "stats", argument: "none" },
  { long: "rate", argument: "none" },
  { long: "exact", argument: "none" },
  { long: "thresholds", argument: "none" },
  { long: "persistent-conn", argument: "none" },
  { long: "tun-info", argument: "none" },
  { long: "nosort", argument: "none" },
  { long: "sort", argument: "none" },
  { long: "mcast-interface", argument: "required" },
  { long: "mcast-group", argument: "required" },
  { long: "mcast-port", argument: "required" },
  { long: "mcast-ttl", argument: "required" },
  { long: "syncid", argument: "required" },
  { long: "sync-maxlen", argument: "required" },
] as const satisfies readonly (OptionSpec & { readonly command?: FirstWord })[];
export type LongName = (typeof WORDS)[number]["long"];
export interface Word extends OptionSpec {
  readonly long: LongName;
  /** Where it is one. */
  readonly command?: FirstWord;
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
