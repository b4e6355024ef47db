/** What each option does where it stands. */
import { hostNetmask } from "../ipvs/address";
import { AF_INET, AF_INET6, FWD, IFNAME_MAX, IPPROTO_SCTP, IPPROTO_TCP, IPPROTO_UDP, PENAME_MAX, SCHEDNAME_MAX, SVC_F, TUNNEL_F } from "../ipvs/constants";
import { withEndpoint } from "./endpoint";
import { type Entry, give } from "./entry";
import { fail } from "./failure";
import { TUNNEL_TYPES } from "./legality";
import { parseNumber } from "./numbers";
import type { LongName, OptionName, Word } from "./options";
import type { OptionRead } from "./popt";
import { cut, ipv4Netmask, multicastGroup, prefixLength, seconds } from "./values";

/** How long a persistent client is remembered where -p names no time, in seconds. */
const DEFAULT_PERSISTENCE = 360;
const INT_MAX = 2 ** 31 - 1;
const UINT_MAX = 2 ** 32 - 1;
/** The largest UDP payload, in bytes. */
const MAX_SYNC_LENGTH = 65_535 - 20 - 8;

type Handler = (entry: Entry, argument: string, at: number) => void | Promise<void>;

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
  (entry, argument) => {
    give(entry, "service-address");
    entry.service.protocol = protocol;
    return withEndpoint(argument, protocol, entry.names, (endpoint) => {
      if (endpoint === undefined) fail("illegal virtual server address[:port] specified");
      entry.service.family = endpoint.family;
      entry.service.address = endpoint.address;
      entry.service.port = endpoint.port ?? entry.service.port;
      if (endpoint.family === AF_INET6) entry.service.netmask = hostNetmask(AF_INET6);
    });
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
  "sched-flags": (entry, text, at) => {
    give(entry, "sched-flags");
    entry.schedulerFlags = { text, at };
  },
  "real-server": (entry, argument) => {
    give(entry, "real-server");
    return withEndpoint(argument, entry.service.protocol, entry.names, (endpoint) => {
      if (endpoint === undefined) fail("illegal real server address[:port] specified");
      entry.server.family = endpoint.family;
      entry.server.address = endpoint.address;
      entry.server.port = endpoint.port ?? entry.service.port;
    });
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

export function takeOption(entry: Entry, { option, argument, word, at }: OptionRead<Word>): void | Promise<void> {
  if (option.long === "persistent") return persistent(entry, argument);
  const handle = HANDLERS[option.long] ?? fail(`invalid option \`${word}'`);
  return handle(entry, argument ?? "", at);
}
