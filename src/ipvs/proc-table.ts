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
import { isSameAddress } from "./address";
import { AF, FWD, IPPROTO } from "./constants";
import type { Address, ListedServer, ServiceKey, Writable } from "./model";
import { Scanner } from "./scanner";

/**
 * Words by their first four bytes (Scanner.four), which tell those apart that
 * the kernel writes: what stands before a server's address, protocols, ways of
 * forwarding.
 */
enum WORD {
  ARROW = 0x20202d3e,
  TCP = 0x54435020,
  UDP = 0x55445020,
  SCTP = 0x53435450,
  MASQ = 0x4d617371,
  ROUTE = 0x526f7574,
  TUNNEL = 0x54756e6e,
  LOCAL = 0x4c6f6361,
}

/** Room for the file, in bytes: its headings, and a service with two servers. */
const ROOM = 4_096;
const ROOM_A_SERVICE = 192;

/** How many services a line is compared with: so many may have been deleted at once. */
const AHEAD = 256;

function protocolOf(four: number): IPPROTO | undefined {
  switch (four) {
    case WORD.TCP: return IPPROTO.TCP;
    case WORD.UDP: return IPPROTO.UDP;
    case WORD.SCTP: return IPPROTO.SCTP;
    default: return undefined;
  }
}

function forwardingOf(four: number): FWD | undefined {
  switch (four) {
    case WORD.MASQ: return FWD.MASQ;
    case WORD.ROUTE: return FWD.DROUTE;
    case WORD.TUNNEL: return FWD.TUNNEL;
    case WORD.LOCAL: return FWD.LOCALNODE;
    default: return undefined;
  }
}

type WritableServer = Writable<ListedServer>;

export class ProcTable {
  private readonly scanner: Scanner;
  /** Where the lines of each service's servers begin; undefined where it was not found. */
  private readonly places: (number | undefined)[] = [];
  /** What was read last, and what that is read into: a long table has thousands. */
  private readonly read: ListedServer[] = [];
  private readonly room: WritableServer[] = [];

  /**
   * Finds services. The kernel tells them by netlink in the same order, so that
   * a line is looked for from the service behind the last one on. Where the
   * table changed in between, or its order did, what is not found is asked for.
   */
  constructor(bytes: Uint8Array, services: readonly ServiceKey[]) {
    const scanner = (this.scanner = new Scanner(bytes));
    const { length } = bytes;
    for (let next = 0; scanner.at < length; ) {
      const found = scanner.next === CODE.BLANK ? undefined : serviceOf(scanner, services, next);
      scanner.skipLine();
      if (found === undefined) continue;
      this.places[found] = scanner.at;
      next = found + 1;
    }
  }

  /** Undefined where /proc cannot be read. */
  static of(services: readonly ServiceKey[]): ProcTable | undefined {
    try {
      return new ProcTable(contents("/proc/net/ip_vs", ROOM + services.length * ROOM_A_SERVICE), services);
    } catch {
      return undefined;
    }
  }

  /** Those of a service, by its place in the list, until others are asked for. Undefined where netlink must be asked. */
  servers(index: number): ListedServer[] | undefined {
    const place = this.places[index];
    if (place === undefined) return undefined;
    const { scanner, read, room } = this;
    let count = 0;
    for (scanner.at = place; scanner.next === CODE.BLANK; scanner.skipLine()) {
      const server = (room[count] ??= noServer());
      if (!readServer(scanner, server)) return undefined;
      read[count++] = server;
    }
    if (read.length > count) read.length = count;
    return read;
  }
}

const noServer = (): WritableServer => ({
  family: AF.INET,
  address: 0,
  port: 0,
  forwarding: 0,
  weight: 0,
  active: 0,
  inactive: 0,
  upper: 0,
  lower: 0,
  persistent: 0,
  tunnelType: 0,
  tunnelPort: 0,
  tunnelFlags: 0,
});

/** Which service a line is, of those from `next` on. Undefined where it is none. */
function serviceOf(scanner: Scanner, services: readonly ServiceKey[], next: number): number | undefined {
  const protocol = protocolOf(scanner.four);
  if (protocol === undefined) return undefined;
  scanner.skipWord();
  scanner.skipBlanks();
  const address = addressOf(scanner);
  const port = portOf(scanner);
  if (address === undefined) return undefined;
  const end = Math.min(services.length, next + AHEAD);
  for (let index = next; index < end; index++) {
    const service = services[index]!;
    if (service.port === port && service.protocol === protocol && service.mark === 0 && isSameAddress(service.address, address)) return index;
  }
  return undefined;
}

/** False where the line is not a server's. */
function readServer(scanner: Scanner, server: WritableServer): boolean {
  if (scanner.four !== WORD.ARROW) return false;
  scanner.at += 4;
  scanner.skipBlanks();
  const address = addressOf(scanner);
  const port = portOf(scanner);
  scanner.skipBlanks();
  const forwarding = forwardingOf(scanner.four);
  scanner.skipWord();
  if (address === undefined || forwarding === undefined) return false;
  server.family = typeof address === "number" ? AF.INET : AF.INET6;
  server.address = address;
  server.port = port;
  server.forwarding = forwarding;
  server.weight = scanner.decimal();
  server.active = scanner.decimal();
  server.inactive = scanner.decimal();
  return Number.isInteger(port + server.weight + server.active + server.inactive) && scanner.endsLine();
}

/** Eight digits, or eight groups between brackets. */
function addressOf(scanner: Scanner): Address | undefined {
  if (scanner.skip(CODE.OPENING_BRACKET)) return scanner.ipv6();
  const address = scanner.hexadecimal(8);
  return Number.isNaN(address) ? undefined : address;
}

const portOf = (scanner: Scanner): number => (scanner.skip(CODE.COLON) ? scanner.hexadecimal(4) : Number.NaN);
