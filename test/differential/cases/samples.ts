/** A way to write each command and each option, for the cases that go through the tables of src/command-line. */
import type { CommandName, OptionName } from "../../../src/command-line/options";
import { rules } from "./case";

/** The service and the server that the samples name. */
export const SERVICE = "10.0.0.1:80";
export const SERVER = "10.1.0.1:80";

export const SAMPLE_RULES = rules(`-A -t ${SERVICE} -s wrr`, `-a -t ${SERVICE} -r ${SERVER} -g -w 3`, `-a -t ${SERVICE} -r 10.1.0.2:80 -g -w 1`);

export const OPTION_SAMPLES: Readonly<Record<OptionName, readonly string[]>> = {
  numeric: ["-n"],
  connection: ["-c"],
  "service-address": ["-t", SERVICE],
  scheduler: ["-s", "rr"],
  persistent: ["-p", "600"],
  netmask: ["-M", "255.255.255.0"],
  "real-server": ["-r", SERVER],
  "forwarding-method": ["-m"],
  weight: ["-w", "7"],
  "u-threshold": ["-x", "100"],
  "l-threshold": ["-y", "50"],
  "mcast-interface": ["--mcast-interface", "lo"],
  timeout: ["--timeout"],
  daemon: ["--daemon"],
  stats: ["--stats"],
  rate: ["--rate"],
  thresholds: ["--thresholds"],
  "persistent-conn": ["--persistent-conn"],
  nosort: ["--nosort"],
  syncid: ["--syncid", "7"],
  exact: ["-X"],
  ops: ["-o"],
  pe: ["--pe", "sip"],
  "sched-flags": ["-b", "flag-1"],
  "mcast-group": ["--mcast-group", "239.0.0.1"],
  "mcast-port": ["--mcast-port", "9000"],
  "mcast-ttl": ["--mcast-ttl", "3"],
  "sync-maxlen": ["--sync-maxlen", "1400"],
  "tun-info": ["--tun-info"],
  "tun-type": ["--tun-type", "gre"],
  "tun-port": ["--tun-port", "6080"],
  "tun-nocsum": ["--tun-nocsum"],
  "tun-csum": ["--tun-csum"],
  "tun-remcsum": ["--tun-remcsum"],
};

interface CommandSample {
  readonly first: readonly string[];
  readonly required: readonly OptionName[];
  /** Words that are no options. */
  readonly rest?: readonly string[];
}

export const COMMAND_SAMPLES: Readonly<Record<CommandName, CommandSample>> = {
  "add-service": { first: ["-A"], required: ["service-address"] },
  "edit-service": { first: ["-E"], required: ["service-address"] },
  "delete-service": { first: ["-D"], required: ["service-address"] },
  flush: { first: ["-C"], required: [] },
  list: { first: ["-L"], required: [] },
  "add-server": { first: ["-a"], required: ["service-address", "real-server"] },
  "delete-server": { first: ["-d"], required: ["service-address", "real-server"] },
  "edit-server": { first: ["-e"], required: ["service-address", "real-server"] },
  set: { first: ["--set"], required: [], rest: ["300", "60", "30"] },
  "start-daemon": { first: ["--start-daemon", "master"], required: [] },
  "stop-daemon": { first: ["--stop-daemon", "master"], required: [] },
  restore: { first: ["-R"], required: [] },
  save: { first: ["-S"], required: [] },
  zero: { first: ["-Z"], required: [] },
};
