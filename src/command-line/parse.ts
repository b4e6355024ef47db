import { hostNetmask, ipv4Address, parseDottedQuad, parseInetAton, parseIpv6 } from "../ipvs/address";
import {
  AF_INET,
  AF_INET6,
  FWD,
  IFNAME_MAX,
  IPPROTO_SCTP,
  IPPROTO_TCP,
  IPPROTO_UDP,
  PENAME_MAX,
  SCHEDNAME_MAX,
  SVC_F,
  TUNNEL_F,
} from "../ipvs/constants";
import type { Address, Change, Daemon, Family, Role, Server, Service, Timeouts } from "../ipvs/model";
import { parseEndpoint } from "./endpoint";
import { Failure, fail, tryHelp } from "./failure";
import type { Columns, Format, Intent } from "./intent";
import { commandProblem, hasTunnelOption, TUNNEL_TYPES, tunnelProblem } from "./legality";
import { leadingNumber, parseNumber } from "./numbers";
import { type CommandName, type LongName, type OptionName, type Word, WORDS } from "./options";
import { type OptionRead, OptionReader, PoptFailure } from "./popt";
import { parseSchedulerFlags } from "./scheduler-flags";
import type { NameLookup } from "../names/lookup";

export const DEFAULT_SCHEDULER = "wlc";
const DEFAULT_INTERFACE = "eth0";
/** How long a persistent client is remembered where -p names no time, in seconds. */
const DEFAULT_PERSISTENCE = 360;
/** 31 days, in seconds. */
const MAX_TIMEOUT = 31 * 86_400;
const INT_MAX = 2 ** 31 - 1;
const UINT_MAX = 2 ** 32 - 1;
/** The largest UDP payload, in bytes. */
const MAX_SYNC_LENGTH = 65_535 - 20 - 8;

/** What the words may ask of the world around them. */
export interface ParseContext {
  readonly program: string;
  readonly posix: boolean;
  readonly names: NameLookup;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** What the options say so far; each takes effect where it stands. */
interface Entry {
  command: CommandName;
  given: Set<OptionName>;
  service: Writable<Service>;
  server: Writable<Server>;
  daemon: Writable<Daemon>;
  schedulerFlags: string | undefined;
  names: NameLookup;
}

const NO_ADDRESS: Address = Buffer.alloc(16);

const newEntry = (command: CommandName, names: NameLookup): Entry => ({
  command,
  given: new Set(),
  service: {
    family: AF_INET,
    mark: 0,
    protocol: 0,
    address: NO_ADDRESS,
    port: 0,
    scheduler: "",
    flags: 0,
    timeout: 0,
    netmask: hostNetmask(AF_INET),
    engine: "",
  },
  server: {
    family: AF_INET,
    address: NO_ADDRESS,
    port: 0,
    forwarding: FWD.DROUTE,
    weight: 1,
    upper: 0,
    lower: 0,
    tunnelType: 0,
    tunnelPort: 0,
    tunnelFlags: 0,
  },
  daemon: { role: "master", interface: "", syncId: 0, maxLength: 0, port: 0, ttl: 0 },
  schedulerFlags: undefined,
  names,
});

/** The first word of a command line. */
const FIRST: Partial<Record<LongName, CommandName | "help" | "version">> = {
  "add-service": "add-service",
  "edit-service": "edit-service",
  "delete-service": "delete-service",
  clear: "flush",
  restore: "restore",
  save: "save",
  "add-server": "add-server",
  "edit-server": "edit-server",
  "delete-server": "delete-server",
  list: "list",
  zero: "zero",
  set: "set",
  "start-daemon": "start-daemon",
  "stop-daemon": "stop-daemon",
  help: "help",
  version: "version",
};

type Handler = (entry: Entry, argument: string) => void | Promise<void>;

const flag = (name: OptionName): Handler => (entry) => give(entry, name);

/** An option whose argument is a number from `min` to `max`. */
const number =
  (name: OptionName, min: number, max: number, problem: string, set: (entry: Entry, value: number) => void): Handler =>
  (entry, argument) => {
    give(entry, name);
    set(entry, parseNumber(argument, min, max) ?? fail(`illegal ${problem} specified`));
  };

const serviceAddress =
  (protocol: number): Handler =>
  async (entry, argument) => {
    give(entry, "service-address");
    entry.service.protocol = protocol;
    const endpoint = await parseEndpoint(argument, protocol, entry.names);
    if (endpoint === undefined) fail("illegal virtual server address[:port] specified");
    entry.service.family = endpoint.family;
    entry.service.address = endpoint.address;
    entry.service.port = endpoint.port ?? entry.service.port;
    if (endpoint.family === AF_INET6) entry.service.netmask = hostNetmask(AF_INET6);
  };

const forwarding =
  (method: number): Handler =>
  (entry) => {
    give(entry, "forwarding-method");
    entry.server.forwarding = method;
  };

const tunnelFlag =
  (name: OptionName, bit: number): Handler =>
  (entry) => {
    give(entry, name);
    entry.server.tunnelFlags |= bit;
  };

/** A name that the kernel keeps in a fixed space is cut to it, in bytes. */
const cut = (text: string, bytes: number): string => Buffer.from(text).subarray(0, bytes).toString();

const HANDLERS: Partial<Record<LongName, Handler>> = {
  "tcp-service": serviceAddress(IPPROTO_TCP),
  "udp-service": serviceAddress(IPPROTO_UDP),
  "sctp-service": serviceAddress(IPPROTO_SCTP),
  "fwmark-service": (entry, argument) => {
    give(entry, "service-address");
    entry.service.family = AF_INET;
    entry.service.protocol = IPPROTO_TCP;
    entry.service.mark = parseNumber(argument, 1, UINT_MAX) ?? fail(`invalid fwmark value \`${argument}' specified`);
  },
  ipv6: (entry) => {
    // The line break is ipvsadm's.
    if (entry.service.mark === 0) fail("-6 used before -f\n");
    entry.service.family = AF_INET6;
    entry.service.netmask = hostNetmask(AF_INET6);
  },
  scheduler: (entry, argument) => {
    give(entry, "scheduler");
    entry.service.scheduler = cut(argument, SCHEDNAME_MAX);
  },
  netmask: (entry, argument) => {
    give(entry, "netmask");
    entry.service.netmask = entry.service.family === AF_INET6 ? prefixLength(argument) : ipv4Netmask(argument);
  },
  ops: (entry) => {
    give(entry, "ops");
    entry.service.flags |= SVC_F.ONEPACKET;
  },
  pe: (entry, argument) => {
    give(entry, "pe");
    entry.service.engine = cut(argument, PENAME_MAX);
  },
  "sched-flags": (entry, argument) => {
    give(entry, "sched-flags");
    entry.schedulerFlags = argument;
  },
  "real-server": async (entry, argument) => {
    give(entry, "real-server");
    const endpoint = await parseEndpoint(argument, entry.service.protocol, entry.names);
    if (endpoint === undefined) fail("illegal real server address[:port] specified");
    entry.server.family = endpoint.family;
    entry.server.address = endpoint.address;
    entry.server.port = endpoint.port ?? entry.service.port;
  },
  gatewaying: forwarding(FWD.DROUTE),
  ipip: forwarding(FWD.TUNNEL),
  masquerading: forwarding(FWD.MASQ),
  "tun-type": (entry, argument) => {
    give(entry, "tun-type");
    const type = TUNNEL_TYPES.findIndex((name) => name === argument);
    entry.server.tunnelType = type < 0 ? fail("illegal tunnel type specified") : type;
  },
  "tun-port": number("tun-port", 1, 65535, "tunnel port", (entry, value) => (entry.server.tunnelPort = value)),
  "tun-nocsum": tunnelFlag("tun-nocsum", TUNNEL_F.NOCSUM),
  "tun-csum": tunnelFlag("tun-csum", TUNNEL_F.CSUM),
  "tun-remcsum": tunnelFlag("tun-remcsum", TUNNEL_F.REMCSUM),
  weight: number("weight", 0, INT_MAX, "weight", (entry, value) => (entry.server.weight = value)),
  "u-threshold": number("u-threshold", 0, INT_MAX, "u_threshold", (entry, value) => (entry.server.upper = value)),
  "l-threshold": number("l-threshold", 0, INT_MAX, "l_threshold", (entry, value) => (entry.server.lower = value)),
  connection: flag("connection"),
  numeric: flag("numeric"),
  timeout: flag("timeout"),
  daemon: flag("daemon"),
  stats: flag("stats"),
  rate: flag("rate"),
  exact: flag("exact"),
  thresholds: flag("thresholds"),
  "persistent-conn": flag("persistent-conn"),
  "tun-info": flag("tun-info"),
  nosort: flag("nosort"),
  sort: () => undefined,
  "mcast-interface": (entry, argument) => {
    give(entry, "mcast-interface");
    entry.daemon.interface = cut(argument, IFNAME_MAX);
  },
  "mcast-group": (entry, argument) => {
    give(entry, "mcast-group");
    entry.daemon.group = multicastGroup(argument);
  },
  "mcast-port": number("mcast-port", 1, 65535, "mcast-port", (entry, value) => (entry.daemon.port = value)),
  "mcast-ttl": number("mcast-ttl", 1, 255, "mcast-ttl", (entry, value) => (entry.daemon.ttl = value)),
  syncid: number("syncid", 0, 255, "syncid", (entry, value) => (entry.daemon.syncId = value)),
  "sync-maxlen": number("sync-maxlen", 1, MAX_SYNC_LENGTH, "sync-maxlen", (entry, value) => (entry.daemon.maxLength = value)),
};

/** The one option whose argument may be left out. */
function persistent(entry: Entry, argument: string | undefined): void {
  give(entry, "persistent");
  entry.service.flags |= SVC_F.PERSISTENT;
  entry.service.timeout = argument === undefined ? DEFAULT_PERSISTENCE : seconds(argument, 1);
}

/**
 * What a command line means. Throws Failure with ipvsadm's message and status,
 * and PoptFailure for a word that popt cannot read after the command.
 */
export async function parseCommandLine(words: readonly string[], context: ParseContext): Promise<Intent> {
  const reader = new OptionReader(words, WORDS, context.posix);
  const first = firstWord(reader, context.program);
  if (first.command === "help" || first.command === "version") return { kind: first.command };
  const entry = newEntry(first.command, context.names);
  if (first.role !== undefined) entry.daemon.role = first.role;
  for (let read = reader.next(); read !== undefined; read = reader.next()) {
    try {
      await takeOption(entry, read);
    } catch (error) {
      if (error instanceof Failure) error.at = reader.last;
      throw error;
    }
  }
  const timeouts = entry.command === "set" ? threeTimeouts(reader.rest.splice(0, 3)) : undefined;
  const [unexpected] = reader.rest;
  if (unexpected !== undefined) fail(`unexpected argument ${unexpected}`);
  return intent(entry, timeouts);
}

function takeOption(entry: Entry, { option, argument, word }: OptionRead<Word>): void | Promise<void> {
  if (option.long === "persistent") return persistent(entry, argument);
  const handle = HANDLERS[option.long] ?? fail(`invalid option \`${word}'`);
  return handle(entry, argument ?? "");
}

function firstWord(
  reader: OptionReader<Word>,
  program: string,
): { command: CommandName | "help" | "version"; role?: Role } {
  const read = readOrUndefined(reader);
  const command = read && FIRST[read.option.long];
  if (read === undefined || command === undefined) throw tryHelp(program);
  if (command === "start-daemon") return { command, role: daemonRole(read.argument, "start-daemon parameter") };
  if (command === "stop-daemon") return { command, role: daemonRole(read.argument, "start_daemon") };
  return { command };
}

function readOrUndefined(reader: OptionReader<Word>) {
  try {
    return reader.next();
  } catch (error) {
    if (error instanceof PoptFailure) return undefined;
    throw error;
  }
}

/** The name of what is wrong is ipvsadm's own, for --stop-daemon too. */
function daemonRole(argument: string | undefined, name: string): Role {
  if (argument === "master" || argument === "backup") return argument;
  return fail(`illegal ${name} specified`);
}

/** Notes that an option was given, once. */
function give(entry: Entry, name: OptionName): void {
  if (entry.given.has(name)) fail(`multiple '${name}' options specified`);
  entry.given.add(name);
}

/** Checks the whole, in ipvsadm's order, and says what it means. */
function intent(entry: Entry, timeouts: Timeouts | undefined): Intent {
  const { command, given, service, server, daemon } = entry;
  if (entry.schedulerFlags !== undefined) service.flags |= parseSchedulerFlags(service.scheduler, entry.schedulerFlags);
  const problem = commandProblem(command, given);
  if (problem !== undefined) fail(problem);
  if (command === "add-service" || command === "edit-service") checkService(service);
  service.scheduler ||= DEFAULT_SCHEDULER;
  if (command === "add-server" || command === "edit-server") checkServer(entry);
  daemon.interface ||= DEFAULT_INTERFACE;

  switch (command) {
    case "list": return listIntent(entry);
    case "save": return { kind: "save", numeric: given.has("numeric") };
    case "restore": return { kind: "restore" };
    case "add-service":
    case "edit-service":
    case "delete-service": return change({ kind: command, service });
    case "add-server":
    case "edit-server":
    case "delete-server": return change({ kind: command, service, server });
    case "flush": return change({ kind: "flush" });
    case "zero": return change(given.has("service-address") ? { kind: "zero", service } : { kind: "zero" });
    case "set": return change({ kind: "set-timeouts", timeouts: timeouts ?? { tcp: 0, tcpFin: 0, udp: 0 } });
    case "start-daemon":
    case "stop-daemon": return change({ kind: command, daemon });
  }
}

const change = (change: Change): Intent => ({ kind: "change", change });

function checkService(service: Service): void {
  if (service.mark !== 0) return;
  if (service.port === 0 && (service.flags & SVC_F.PERSISTENT) === 0) {
    fail("Zero port specified for non-persistent service");
  }
  if ((service.flags & SVC_F.ONEPACKET) !== 0 && service.protocol !== IPPROTO_UDP) {
    fail("One-Packet Scheduling is only for UDP virtual services");
  }
}

function checkServer({ given, service, server }: Entry): void {
  const tunnel = server.forwarding === FWD.TUNNEL;
  // Only masquerading rewrites the port; the others must keep the service's, unless it is a mark.
  if (service.mark === 0 && server.forwarding !== FWD.MASQ) server.port = service.port;
  if (server.family !== service.family && !tunnel) {
    fail("Different address family is allowed only for tunneling servers");
  }
  if (!tunnel && hasTunnelOption(given)) fail("Tunnel options conflict with forward method");
  const problem = tunnel ? tunnelProblem(server.tunnelType, given) : undefined;
  if (problem !== undefined) fail(problem);
}

/** In the order in which one wins over the next. */
const COLUMNS = ["stats", "rate", "thresholds", "persistent-conn", "tun-info"] as const satisfies readonly Columns[];

function listIntent({ given, service }: Entry): Intent {
  const has = (...names: OptionName[]): boolean => names.some((name) => given.has(name));
  // With connections, --persistent-conn shows what the persistence engine knows.
  const columns = has("stats", "rate", "thresholds");
  if (has("connection") ? columns : has("timeout", "daemon") && (columns || has("persistent-conn"))) {
    fail("options conflicts in the list command");
  }
  const format: Format = {
    numeric: has("numeric"),
    exact: has("exact"),
    sorted: !has("nosort"),
    columns: COLUMNS.find((column) => has(column)) ?? "default",
  };
  if (has("connection")) return { kind: "list-connections", format, engines: has("persistent-conn") };
  if (has("service-address")) return { kind: "list-services", service, format };
  if (has("timeout")) return { kind: "list-timeouts" };
  if (has("daemon")) return { kind: "list-daemons" };
  return { kind: "list-services", format };
}

function threeTimeouts(texts: readonly string[]): Timeouts {
  const [tcp, tcpFin, udp] = texts;
  if (tcp === undefined || tcpFin === undefined || udp === undefined) fail("--set option requires 3 timeout values");
  return { tcp: seconds(tcp, 0), tcpFin: seconds(tcpFin, 0), udp: seconds(udp, 0) };
}

const seconds = (text: string, min: number): number =>
  parseNumber(text, min, MAX_TIMEOUT) ?? fail(`invalid timeout value \`${text}' specified`);

const ipv4Netmask = (text: string): number =>
  parseInetAton(text) ?? fail("illegal virtual server persistent mask specified");

function prefixLength(text: string): number {
  const length = leadingNumber(text);
  return length >= 1 && length <= 128 ? length : fail("illegal ipv6 netmask specified");
}

function multicastGroup(text: string): { family: Family; address: Address } {
  if (text.includes(":")) {
    const address = parseIpv6(text);
    if (address?.[0] !== 0xff) fail(`invalid IPv6 mcast-group \`${text}'`);
    return { family: AF_INET6, address };
  }
  const address = parseDottedQuad(text);
  if (address === undefined || address >>> 28 !== 0xe) fail(`invalid IPv4 mcast-group \`${text}'`);
  return { family: AF_INET, address: ipv4Address(address) };
}
