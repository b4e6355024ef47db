/**
 * The servers of all services at one go: /proc/net/ip_vs (ip_vs_ctl.c). It
 * costs a hundredth of a dump for each service, but lacks thresholds, tunnels
 * and counters; and a mark's family, so that marks cannot be looked up in it.
 *
 * A line for each service, and one for each of its servers:
 *
 *     TCP  0A000001:0050 wlc persistent 300 FFFFFFFF
 *       -> C0000202:0050      Masq    1      0          0
 *     TCP  [2001:0db8:0000:0000:0000:0000:0000:0001]:0050 rr
 */
import { CODE } from "../character-codes";
import { contents } from "../files/contents";
import { readBE16, readBE32 } from "../netlink/bytes";
import { ipv4Address, parseIpv6 } from "./address";
import { AF, FWD, IPPROTO } from "./constants";
import type { Address, ListedServer, ServiceKey } from "./model";
import { Scanner } from "./scanner";

/** Before a server's address. */
const ARROW = "  -> ";

/** Room for the file, in bytes: its headings, and a service with two servers. */
const ROOM = 4_096;
const ROOM_A_SERVICE = 192;

/** What the next word says, as the kernel calls it; it is skipped then. */
function protocolOf(scanner: Scanner): IPPROTO | undefined {
  if (scanner.skip("TCP ")) return IPPROTO.TCP;
  if (scanner.skip("UDP ")) return IPPROTO.UDP;
  if (scanner.skip("SCTP ")) return IPPROTO.SCTP;
  return undefined;
}

function forwardingOf(scanner: Scanner): FWD | undefined {
  if (scanner.skip("Masq ")) return FWD.MASQ;
  if (scanner.skip("Route ")) return FWD.DROUTE;
  if (scanner.skip("Tunnel ")) return FWD.TUNNEL;
  if (scanner.skip("Local ")) return FWD.LOCALNODE;
  return undefined;
}

/** An address and a port: one number of 48 bits where they are IPv4's, for there may be many. */
type Endpoint = number | string;
const ipv4Endpoint = (address: number, port: number): Endpoint => address * 2 ** 16 + port;
const ipv6Endpoint = (groups: string, port: number): Endpoint => `${groups} ${port}`;

/** Where the lines of a service's servers begin. */
type Places = Map<Endpoint, number>;

export class ProcTable {
  private readonly scanner: Scanner;
  /** By protocol. */
  private readonly services: Places[] = [];

  constructor(bytes: Uint8Array) {
    const scanner = (this.scanner = new Scanner(bytes));
    while (scanner.at < bytes.length) {
      const protocol = protocolOf(scanner);
      const endpoint = protocol === undefined ? undefined : serviceOf(scanner);
      scanner.skipLine();
      if (protocol !== undefined && endpoint !== undefined) this.places(protocol).set(endpoint, scanner.at);
    }
  }

  /** Of about so many services. Undefined where /proc cannot be read. */
  static read(services: number): ProcTable | undefined {
    try {
      return new ProcTable(contents("/proc/net/ip_vs", ROOM + services * ROOM_A_SERVICE));
    } catch {
      return undefined;
    }
  }

  private places(protocol: IPPROTO): Places {
    return (this.services[protocol] ??= new Map());
  }

  /** Undefined where netlink must be asked. */
  servers(service: ServiceKey): ListedServer[] | undefined {
    const place = service.mark === 0 ? this.services[service.protocol]?.get(endpointOf(service)) : undefined;
    if (place === undefined) return undefined;
    const scanner = this.scanner;
    const servers: ListedServer[] = [];
    for (scanner.at = place; scanner.next === CODE.BLANK; scanner.skipLine()) {
      const server = serverOf(scanner);
      if (server === undefined) return undefined;
      servers.push(server);
    }
    return servers;
  }
}

function endpointOf({ family, address, port }: ServiceKey): Endpoint {
  if (family === AF.INET) return ipv4Endpoint(readBE32(address, 0), port);
  return ipv6Endpoint(groupsOf(address), port);
}

function groupsOf(address: Address): string {
  let groups = "";
  for (let at = 0; at < address.length; at += 2) groups += `${at === 0 ? "" : ":"}${readBE16(address, at).toString(16).padStart(4, "0")}`;
  return groups;
}

/** Of a service's line, behind its protocol. Undefined where there is none. */
function serviceOf(scanner: Scanner): Endpoint | undefined {
  scanner.skipBlanks();
  const groups = bracketed(scanner);
  const address = groups === undefined ? scanner.hexadecimal(8) : 0;
  const port = portOf(scanner);
  if (!Number.isInteger(address + port)) return undefined;
  return groups === undefined ? ipv4Endpoint(address, port) : ipv6Endpoint(groups, port);
}

/** Undefined where the line is not a server's. */
function serverOf(scanner: Scanner): ListedServer | undefined {
  if (!scanner.skip(ARROW)) return undefined;
  const groups = bracketed(scanner);
  const address = groups === undefined ? ipv4(scanner.hexadecimal(8)) : parseIpv6(groups);
  const port = portOf(scanner);
  scanner.skipBlanks();
  const forwarding = forwardingOf(scanner);
  if (forwarding === undefined) return undefined;
  const weight = field(scanner);
  const active = field(scanner);
  const inactive = field(scanner);
  if (address === undefined || !Number.isInteger(port + weight + active + inactive) || !scanner.endsLine()) return undefined;
  return {
    family: groups === undefined ? AF.INET : AF.INET6,
    address,
    port,
    forwarding,
    weight,
    active,
    inactive,
    upper: 0,
    lower: 0,
    persistent: 0,
    tunnelType: 0,
    tunnelPort: 0,
    tunnelFlags: 0,
  };
}

/** What stands between brackets: an IPv6 address. Undefined where there are none. */
function bracketed(scanner: Scanner): string | undefined {
  return scanner.skip("[") ? scanner.before(CODE.CLOSING_BRACKET) : undefined;
}

const portOf = (scanner: Scanner): number => (scanner.skip(":") ? scanner.hexadecimal(4) : Number.NaN);

function field(scanner: Scanner): number {
  scanner.skipBlanks();
  return scanner.decimal();
}

const ipv4 = (address: number): Address | undefined => (Number.isInteger(address) ? ipv4Address(address) : undefined);
