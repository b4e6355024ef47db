/** The table of services and their servers, in each of the columns that --list knows. */
import { CODE } from "../character-codes";
import type { Columns, Format } from "../command-line/intent";
import { shownFlagNames } from "../command-line/scheduler-flags";
import { formatNetmask, hostNetmask } from "../ipvs/address";
import { AF, FWD, IPPROTO, SVC_F, TUNNEL } from "../ipvs/constants";
import type { Family, Info, ListedServer, ListedService, Server, ServerKey, ServiceKey, Stats } from "../ipvs/model";
import { cut } from "../netlink/text";
import { formatCounter } from "./counters";
import { type Naming, numericNaming } from "./naming";
import type { Page } from "./page";

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

export function writeService(page: Page, service: ListedService, format: Format, naming: Naming): void {
  const start = page.length;
  writeServiceName(page, service, naming);
  if (service.stats === undefined) {
    page.byte(CODE.BLANK);
    page.text(service.scheduler);
    page.text(serviceFlags(service));
  } else {
    page.fill(start + NAME_WIDTH);
    writeStats(page, service.stats, format.exact);
  }
  page.endLine();
}

function writeServiceName(page: Page, service: ServiceKey, naming: Naming): void {
  if (service.mark !== 0) {
    page.text("FWM  ");
    page.decimal(service.mark | 0);
    if (service.family === AF.INET6) page.text(" IPv6");
    return;
  }
  page.text(protocolName(service.protocol));
  page.byte(CODE.BLANK);
  writeEndpoint(page, service, service.protocol, naming);
}

/** IPv4 names are cut to the width of their column. */
function writeEndpoint(page: Page, { family, address, port }: ServerKey, protocol: number, naming: Naming): void {
  if (naming === numericNaming) return page.endpoint(address, port);
  const name = naming.endpoint(family, address, port, protocol);
  page.text(family === AF.INET ? cut(name, SERVER_WIDTH) : name);
}

function serviceFlags({ family, flags, netmask, scheduler, timeout, engine }: ListedService): string {
  const schedulerFlags = (flags & SCHED_FLAGS) === 0 ? "" : ` (${shownFlagNames(scheduler, flags).join(",")})`;
  const persistence = (flags & SVC_F.PERSISTENT) === 0 ? "" : ` persistent ${timeout}${formatMask(family, netmask)}${engine && ` pe ${engine}`}`;
  return schedulerFlags + persistence + ((flags & SVC_F.ONEPACKET) === 0 ? "" : " ops");
}

const formatMask = (family: Family, netmask: number): string =>
  netmask === hostNetmask(family) ? "" : ` mask ${formatNetmask(family, netmask)}`;

export function writeServer(page: Page, service: ServiceKey, server: ListedServer, format: Format, naming: Naming): void {
  page.text("  -> ");
  const end = page.length + SERVER_WIDTH;
  writeEndpoint(page, server, service.mark === 0 ? service.protocol : 0, naming);
  page.fill(end);
  if (server.stats === undefined) {
    page.byte(CODE.BLANK);
    writeColumns(page, server, format.columns);
  } else writeStats(page, server.stats, format.exact);
  page.endLine();
}

function writeColumns(page: Page, server: ListedServer, columns: Columns): void {
  switch (columns) {
    case "thresholds":
      writeNumber(page, server.upper, 10);
      writeNumber(page, server.lower, 10);
      break;
    case "persistent-conn":
      writeNumber(page, server.weight >>> 0, 9);
      writeNumber(page, server.persistent, 11);
      break;
    default:
      page.textColumn(forwardingName(server.forwarding), 7);
      page.byte(CODE.BLANK);
      if (columns === "tun-info") {
        page.textColumn(tunnelInfo(server), 13);
        page.byte(CODE.BLANK);
      }
      writeNumber(page, server.weight, 6);
  }
  writeNumber(page, server.active, 10);
  page.numberColumn(server.inactive, 10);
}

/** A column, and what parts it from the next. */
function writeNumber(page: Page, value: number, width: number): void {
  page.numberColumn(value, width);
  page.byte(CODE.BLANK);
}

/** The five counters of a line. */
function writeStats(page: Page, { connections, inPackets, outPackets, inBytes, outBytes }: Stats, exact: boolean): void {
  page.text(formatCounter(connections, exact));
  page.text(formatCounter(inPackets, exact));
  page.text(formatCounter(outPackets, exact));
  page.text(formatCounter(inBytes, exact));
  page.text(formatCounter(outBytes, exact));
}

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
