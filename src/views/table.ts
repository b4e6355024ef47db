/** The table of services and their servers, in each of the columns that --list knows. */
import type { Columns, Format } from "../command-line/intent";
import { shownFlagNames } from "../command-line/scheduler-flags";
import { formatNetmask, hostNetmask } from "../ipvs/address";
import { AF, FWD, IPPROTO, SVC_F, TUNNEL } from "../ipvs/constants";
import type { Family, Info, ListedServer, ListedService, Server, ServiceKey, Stats } from "../ipvs/model";
import { cut } from "../netlink/text";
import { formatCounter } from "./counters";
import type { Naming } from "./naming";

/** The width of a name with what stands before it. */
const NAME_WIDTH = 33;
const SERVER_WIDTH = 28;

/** In its column. */
function protocolName(protocol: number): string {
  switch (protocol) {
    case IPPROTO.TCP: return "TCP ";
    case IPPROTO.UDP: return "UDP ";
    case IPPROTO.SCTP: return "SCTP";
    default: return "?   ";
  }
}

function forwardingName(forwarding: number): string {
  switch (forwarding) {
    case FWD.MASQ: return "Masq";
    case FWD.LOCALNODE: return "Local";
    case FWD.TUNNEL: return "Tunnel";
    case FWD.DROUTE: return "Route";
    default: return NO_NAME;
  }
}

const SCHED_FLAGS = SVC_F.SCHED1 | SVC_F.SCHED2 | SVC_F.SCHED3;

/** What the C library prints for a name that is not there. */
const NO_NAME = "(null)";

const counterHeadings = (...names: string[]): string =>
  `${"Prot LocalAddress:Port".padEnd(NAME_WIDTH)} ${names.map((name) => name.padStart(8)).join(" ")}\n  -> RemoteAddress:Port\n`;

const countHeadings = (columns: string): string =>
  `${"Prot LocalAddress:Port".padEnd(NAME_WIDTH)} ${columns} ActiveConn InActConn \n  -> RemoteAddress:Port\n`;

export function heading(columns: Columns): string {
  switch (columns) {
    case "stats": return counterHeadings("Conns", "InPkts", "OutPkts", "InBytes", "OutBytes");
    case "rate": return counterHeadings("CPS", "InPPS", "OutPPS", "InBPS", "OutBPS");
    case "thresholds": return countHeadings("Uthreshold Lthreshold");
    case "persistent-conn": return countHeadings("Weight    PersistConn");
    case "tun-info":
      return (
        "Prot LocalAddress:Port Scheduler Flags\n" +
        "  -> RemoteAddress:Port           Forward TunnelInfo    Weight ActiveConn InActConn\n"
      );
    default:
      return (
        "Prot LocalAddress:Port Scheduler Flags\n" +
        "  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n"
      );
  }
}

export function versionLine({ version, tableSize }: Info): string {
  const [major, minor, patch] = [version >>> 16, (version >>> 8) & 0xff, version & 0xff];
  return `IP Virtual Server version ${major}.${minor}.${patch} (size=${tableSize})\n`;
}

export function serviceLine(service: ListedService, format: Format, naming: Naming): string {
  const name = serviceName(service, naming);
  if (service.stats !== undefined) return `${name}${gap(naming.bytes(name), NAME_WIDTH)}${statsColumns(service.stats, format.exact)}\n`;
  return `${name} ${service.scheduler}${serviceFlags(service)}\n`;
}

function serviceName(service: ServiceKey, naming: Naming): string {
  if (service.mark !== 0) return `FWM  ${service.mark | 0}${service.family === AF.INET6 ? " IPv6" : ""}`;
  const { family, address, port, protocol } = service;
  const name = fit(family, naming.endpoint(family, address, port, protocol), naming);
  return `${protocolName(protocol)} ${name}`;
}

function serviceFlags({ family, flags, netmask, scheduler, timeout, engine }: ListedService): string {
  const schedulerFlags = (flags & SCHED_FLAGS) === 0 ? "" : ` (${shownFlagNames(scheduler, flags).join(",")})`;
  const persistence = (flags & SVC_F.PERSISTENT) === 0 ? "" : ` persistent ${timeout}${formatMask(family, netmask)}${engine && ` pe ${engine}`}`;
  return schedulerFlags + persistence + ((flags & SVC_F.ONEPACKET) === 0 ? "" : " ops");
}

const formatMask = (family: Family, netmask: number): string =>
  netmask === hostNetmask(family) ? "" : ` mask ${formatNetmask(family, netmask)}`;

export function serverLine(service: ServiceKey, server: ListedServer, format: Format, naming: Naming): string {
  const { family, address, port } = server;
  const protocol = service.mark === 0 ? service.protocol : 0;
  const endpoint = fit(family, naming.endpoint(family, address, port, protocol), naming);
  // C counts a column in bytes.
  const name = `  -> ${endpoint}${gap(naming.bytes(endpoint), SERVER_WIDTH)}`;
  if (server.stats !== undefined) return `${name}${statsColumns(server.stats, format.exact)}\n`;
  return `${name} ${serverColumns(server, format.columns)}\n`;
}

function serverColumns(server: ListedServer, columns: Columns): string {
  const connections = `${left(server.active, 10)} ${left(server.inactive, 10)}`;
  const forwarding = left(forwardingName(server.forwarding), 7);
  switch (columns) {
    case "thresholds": return `${left(server.upper, 10)} ${left(server.lower, 10)} ${connections}`;
    case "persistent-conn": return `${left(server.weight >>> 0, 9)} ${left(server.persistent, 11)} ${connections}`;
    case "tun-info": return `${forwarding} ${left(tunnelInfo(server), 13)} ${left(server.weight, 6)} ${connections}`;
    default: return `${forwarding} ${left(server.weight, 6)} ${connections}`;
  }
}

/** Blanks by their number: long tables have a hundred thousand columns, and padEnd makes new ones for each. */
const BLANKS: string[] = [];

/** What fills a column, beside its text. */
const gap = (length: number, width: number): string => (length < width ? (BLANKS[width - length] ??= " ".repeat(width - length)) : "");

function left(value: string | number, width: number): string {
  const text = String(value);
  return text + gap(text.length, width);
}

/** The five counters of a line. */
const statsColumns = ({ connections, inPackets, outPackets, inBytes, outBytes }: Stats, exact: boolean): string =>
  `${formatCounter(connections, exact)}${formatCounter(inPackets, exact)}${formatCounter(outPackets, exact)}${formatCounter(inBytes, exact)}${formatCounter(outBytes, exact)}`;

/** How a tunnel's checksum flags are shown, by their number. */
const CHECKSUMS = ["-c", "+c", "r+c"] as const;

function tunnelInfo(server: Server): string {
  if (server.forwarding !== FWD.TUNNEL) return "n/a";
  const checksum = CHECKSUMS[server.tunnelFlags] ?? "";
  switch (server.tunnelType) {
    case TUNNEL.IPIP: return "ipip";
    case TUNNEL.GUE: return `gue:${server.tunnelPort}:${checksum}`;
    case TUNNEL.GRE: return `gre:${checksum}`;
    default: return "";
  }
}

/** IPv4 names are cut to the width of their column. */
const fit = (family: Family, name: string, naming: Naming): string =>
  family === AF.INET && naming.bytes(name) > SERVER_WIDTH ? cut(name, SERVER_WIDTH) : name;
