/** Every command with every option, alone and with the options that it must have, and the pairs that may clash. */
import { COMMANDS, type CommandName, OPTIONS, type OptionName } from "../../../src/command-line/options";
import type { Case, Group } from "./case";
import { COMMAND_SAMPLES, OPTION_SAMPLES, SAMPLE_RULES } from "./samples";

function command(name: CommandName, options: readonly OptionName[]): Case {
  const { first, rest = [] } = COMMAND_SAMPLES[name];
  return { words: [...first, ...options.flatMap((option) => OPTION_SAMPLES[option]), ...rest] };
}

const cells = COMMANDS.flatMap((name) => {
  const { required } = COMMAND_SAMPLES[name];
  return [
    command(name, required),
    ...required.map((left) => command(name, required.filter((option) => option !== left))),
    ...OPTIONS.flatMap((option) => [
      command(name, required.includes(option) ? required : [...required, option]),
      ...(required.length === 0 ? [] : [command(name, [option])]),
    ]),
  ];
});

/** Options of which some pairs exclude each other, and options that follow tables of their own. */
const PAIRED: Partial<Record<CommandName, readonly OptionName[]>> = {
  list: ["numeric", "connection", "service-address", "timeout", "daemon", "stats", "rate", "thresholds", "persistent-conn", "nosort", "exact", "tun-info"],
  "add-server": ["forwarding-method", "weight", "u-threshold", "l-threshold", "tun-type", "tun-port", "tun-nocsum", "tun-csum"],
  "add-service": ["scheduler", "persistent", "netmask", "ops", "pe", "sched-flags"],
  "start-daemon": ["mcast-interface", "syncid", "mcast-group", "mcast-port", "mcast-ttl", "sync-maxlen"],
};

const pairs = COMMANDS.flatMap((name) => {
  const options = PAIRED[name] ?? [];
  const { required } = COMMAND_SAMPLES[name];
  return options.flatMap((a, index) => options.slice(index + 1).map((b) => command(name, [...required, a, b])));
});

/** Every option twice, with a command that allows it where there is one. */
const twice = OPTIONS.map((option) => {
  const name = COMMANDS.find((candidate) => PAIRED[candidate]?.includes(option)) ?? "add-server";
  return command(name, [option, option]);
});

export const legality: Group[] = [
  { name: "command × option", rules: SAMPLE_RULES, cases: cells },
  { name: "pairs of options", rules: SAMPLE_RULES, cases: pairs },
  { name: "options given twice", rules: SAMPLE_RULES, cases: twice },
];
