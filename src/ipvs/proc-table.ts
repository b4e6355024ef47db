/**
 * The servers of all services at one go: /proc/net/ip_vs (ip_vs_ctl.c). It
 * costs a hundredth of a dump for each service, but lacks thresholds, tunnels
 * and counters, and a mark's family.
 *
 * A line for each service, and one for each of its servers:
 *
 *     TCP  0A000001:0050 wlc persistent 300 FFFFFFFF
 *       -> C0000202:0050      Masq    1      0          0
 *     TCP  [2001:0db8:0000:0000:0000:0000:0000:0001]:0050 rr
 *     FWM  00000005 wlc
 */
import { CODE } from "../character-codes";
import { contents } from "../files/contents";
import { ADDRESS_LENGTH, isSameAddress } from "./address";
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
  FWM = 0x46574d20,
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

/** By the first four bytes of its name, a blank behind the short ones. */
export function protocolOf(four: number): IPPROTO | undefined {
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
   * a line is looked for from the service behind the last one on; marks may
   * stand between the others, as on Linux 7, and are found by their number.
   * Where the table changed in between, or its order did, what is not found is
   * asked for.
   */
  constructor(bytes: Uint8Array, services: readonly ServiceKey[]) {
    const scanner = (this.scanner = new Scanner(bytes));
    const { length } = bytes;
    let marks: Map<number, number> | undefined;
    for (let next = 0; scanner.at < length; ) {
      if (scanner.next === CODE.BLANK) {
        scanner.skipLine();
      } else if (scanner.four === WORD.FWM) {
        this.placeMark(markOf(scanner), (marks ??= indexesOfMarks(services)));
      } else {
        const found = serviceOf(scanner, services, next);
        scanner.skipLine();
        if (found === undefined) continue;
        this.places[found] = scanner.at;
        next = found + 1;
      }
    }
  }

  /** A mark with two lines is one of IPv4 and one of IPv6, and nothing tells which is which: it is asked for. */
  private placeMark(mark: number, indexes: Map<number, number>): void {
    const { scanner, places } = this;
    scanner.skipLine();
    const index = indexes.get(mark);
    if (index === undefined || index === SHARED) return;
    if (places[index] === undefined) places[index] = scanner.at;
    else {
      places[index] = undefined;
      indexes.set(mark, SHARED);
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

/** The place of a mark in the list, by its number. */
function indexesOfMarks(services: readonly ServiceKey[]): Map<number, number> {
  const indexes = new Map<number, number>();
  for (let index = 0; index < services.length; index++) {
    const { mark } = services[index]!;
    if (mark !== 0) indexes.set(mark, indexes.has(mark) ? SHARED : index);
  }
  return indexes;
}

/** In the place of an index: there are two services of that mark, one of each family. */
const SHARED = -1;

/** The number of a line's mark; NaN, which none has, where the line has none. */
function markOf(scanner: Scanner): number {
  scanner.skipWord();
  scanner.skipBlanks();
  return scanner.hexadecimal(8);
}

/** Which service a line is, of those from `next` on. Undefined where it is none. */
function serviceOf(scanner: Scanner, services: readonly ServiceKey[], next: number): number | undefined {
  const protocol = protocolOf(scanner.four);
  if (protocol === undefined) return undefined;
  scanner.skipWord();
  scanner.skipBlanks();
  const address = addressOf(scanner);
  const port = portOf(scanner);
  if (address === undefined) return undefined;
  for (let index = next, compared = 0; index < services.length && compared < AHEAD; index++) {
    const service = services[index]!;
    if (service.mark !== 0) continue;
    if (service.port === port && service.protocol === protocol && isSameAddress(service.address, address)) return index;
    compared++;
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
  if (scanner.skip(CODE.OPENING_BRACKET)) {
    const ipv6 = new Uint8Array(ADDRESS_LENGTH);
    return scanner.ipv6(ipv6) && scanner.skip(CODE.CLOSING_BRACKET) ? ipv6 : undefined;
  }
  const address = scanner.hexadecimal(8);
  return Number.isNaN(address) ? undefined : address;
}

const portOf = (scanner: Scanner): number => (scanner.skip(CODE.COLON) ? scanner.hexadecimal(4) : Number.NaN);
