/** What each option does where it stands. */
import { hostNetmask } from "../ipvs/address";
import { AF, FWD, IFNAME_MAX, IPPROTO, PENAME_MAX, SCHEDNAME_MAX, SVC_F, TUNNEL_F } from "../ipvs/constants";
import { cut } from "../netlink/text";
import { readEndpoint } from "./endpoint";
import { type Entry, give } from "./entry";
import { fail } from "./failure";
import { TUNNEL_TYPES } from "./legality";
import { parseNumber } from "./numbers";
import { type LongName, optionName } from "./options";
import type { OptionReader } from "./popt";
import { ipv4Netmask, multicastGroup, prefixLength, seconds } from "./values";

/** How long a persistent client is remembered where -p names no time, in seconds. */
const DEFAULT_PERSISTENCE = 360;
const INT_MAX = 2 ** 31 - 1;
const UINT_MAX = 2 ** 32 - 1;
/** The largest UDP payload, in bytes. */
const MAX_SYNC_LENGTH = 65_535 - 20 - 8;

/** An argument as a number from `min` to `max`. */
const numberFrom = (argument: string, min: number, max: number, what: string): number =>
  parseNumber(argument, min, max) ?? fail(`illegal ${what} specified`);

function takeServiceAddress({ service, names }: Entry, protocol: number, argument: string): void | Promise<void> {
  service.protocol = protocol;
  const reading = readEndpoint(argument, protocol, names, service, "illegal virtual server address[:port] specified");
  return reading === undefined ? takeHostNetmask(service) : reading.then(() => takeHostNetmask(service));
}

function takeHostNetmask(service: Entry["service"]): void {
  if (service.family === AF.INET6) service.netmask = hostNetmask(AF.INET6);
}

function takeServerAddress({ service, server, names }: Entry, argument: string): void | Promise<void> {
  server.port = service.port;
  return readEndpoint(argument, service.protocol, names, server, "illegal real server address[:port] specified");
}

function takeMark({ service }: Entry, argument: string): void {
  service.family = AF.INET;
  service.protocol = IPPROTO.TCP;
  service.mark = parseNumber(argument, 1, UINT_MAX) ?? fail(`invalid fwmark value \`${argument}' specified`);
}

function takeIpv6({ service }: Entry): void {
  // The line break is ipvsadm's.
  if (service.mark === 0) fail("-6 used before -f\n");
  service.family = AF.INET6;
  service.netmask = hostNetmask(AF.INET6);
}

/** The one option whose argument may be left out. */
function takePersistent({ service }: Entry, argument: string | undefined): void {
  service.flags |= SVC_F.PERSISTENT;
  service.timeout = argument === undefined ? DEFAULT_PERSISTENCE : seconds(argument, 1);
}

function tunnelType(argument: string): number {
  for (let type = 0; type < TUNNEL_TYPES.length; type++) if (TUNNEL_TYPES[type] === argument) return type;
  return fail("illegal tunnel type specified");
}

/**
 * Does what an option says where it stands; a promise where a name has to be
 * looked up. A switch: a table of functions would be made at each start.
 */
export function takeOption(entry: Entry, word: LongName, reader: OptionReader<LongName>): void | Promise<void> {
  const { argument: given } = reader;
  const name = optionName(word);
  if (name !== undefined) give(entry, name);
  const argument = given ?? "";
  switch (word) {
    case "tcp-service": return takeServiceAddress(entry, IPPROTO.TCP, argument);
    case "udp-service": return takeServiceAddress(entry, IPPROTO.UDP, argument);
    case "sctp-service": return takeServiceAddress(entry, IPPROTO.SCTP, argument);
    case "fwmark-service": return takeMark(entry, argument);
    case "ipv6": return takeIpv6(entry);
    case "scheduler": entry.service.scheduler = cut(argument, SCHEDNAME_MAX); break;
    case "persistent": return takePersistent(entry, given);
    case "netmask": entry.service.netmask = entry.service.family === AF.INET6 ? prefixLength(argument) : ipv4Netmask(argument); break;
    case "ops": entry.service.flags |= SVC_F.ONEPACKET; break;
    case "pe": entry.service.engine = cut(argument, PENAME_MAX); break;
    case "sched-flags": entry.schedulerFlags = { text: argument, at: reader.at }; break;
    case "real-server": return takeServerAddress(entry, argument);
    case "gatewaying": entry.server.forwarding = FWD.DROUTE; break;
    case "ipip": entry.server.forwarding = FWD.TUNNEL; break;
    case "masquerading": entry.server.forwarding = FWD.MASQ; break;
    case "tun-type": entry.server.tunnelType = tunnelType(argument); break;
    case "tun-port": entry.server.tunnelPort = numberFrom(argument, 1, 65535, "tunnel port"); break;
    case "tun-nocsum": entry.server.tunnelFlags |= TUNNEL_F.NOCSUM; break;
    case "tun-csum": entry.server.tunnelFlags |= TUNNEL_F.CSUM; break;
    case "tun-remcsum": entry.server.tunnelFlags |= TUNNEL_F.REMCSUM; break;
    case "weight": entry.server.weight = numberFrom(argument, 0, INT_MAX, "weight"); break;
    case "u-threshold": entry.server.upper = numberFrom(argument, 0, INT_MAX, "u_threshold"); break;
    case "l-threshold": entry.server.lower = numberFrom(argument, 0, INT_MAX, "l_threshold"); break;
    case "mcast-interface": entry.daemon.interface = cut(argument, IFNAME_MAX); break;
    case "mcast-group": entry.daemon.group = multicastGroup(argument); break;
    case "mcast-port": entry.daemon.port = numberFrom(argument, 1, 65535, "mcast-port"); break;
    case "mcast-ttl": entry.daemon.ttl = numberFrom(argument, 1, 255, "mcast-ttl"); break;
    case "syncid": entry.daemon.syncId = numberFrom(argument, 0, 255, "syncid"); break;
    case "sync-maxlen": entry.daemon.maxLength = numberFrom(argument, 1, MAX_SYNC_LENGTH, "sync-maxlen"); break;
    // What ipvsadm does anyway.
    case "sort": break;
    // Of the others it counts only that they were given.
    default: if (name === undefined) fail(`invalid option \`${reader.word}'`);
  }
}
