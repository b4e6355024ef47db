/**
 * What IPVS is made of, apart from how the kernel is told of it.
 *
 * Ports are numbers as people write them, times are seconds, counters are
 * bigint where the kernel counts in 64 bits.
 */
import type { AF } from "./constants";

/** While it is being read, or said. */
export type Writable<T> = { -readonly [K in keyof T]: T[K] };

export type Family = AF;

/** Of IPv4, a number, in host order; of IPv6, its 16 bytes. */
export type Address = number | Uint8Array;

/** What tells one service from another. */
export interface ServiceKey {
  readonly family: Family;
  /** A firewall mark, or 0 for a service known by protocol, address and port. */
  readonly mark: number;
  readonly protocol: number;
  /** Of a mark, 0. */
  readonly address: Address;
  readonly port: number;
}

export interface Service extends ServiceKey {
  readonly scheduler: string;
  /** IP_VS_SVC_F_* bits. */
  readonly flags: number;
  /** How long a persistent client keeps its server, in seconds; 0 where the service is not persistent. */
  readonly timeout: number;
  /** Which clients count as one: an IPv4 mask (0xffffff00), or an IPv6 prefix length (64). */
  readonly netmask: number;
  /** The persistence engine's name, or "". */
  readonly engine: string;
}

/** What tells one server of a service from another. */
export interface ServerKey {
  readonly family: Family;
  readonly address: Address;
  readonly port: number;
}

/** A real server: a destination, in the kernel's words. */
export interface Server extends ServerKey {
  /** One of FWD. */
  readonly forwarding: number;
  /** Signed, as the kernel shows it. */
  readonly weight: number;
  /** No new connections above this many, until they are below `lower`; 0 for no limit. */
  readonly upper: number;
  readonly lower: number;
  /** One of TUNNEL. */
  readonly tunnelType: number;
  readonly tunnelPort: number;
  /** TUNNEL_F bits. */
  readonly tunnelFlags: number;
}

/** Which counters are read: totals, or rates a second. */
export type Counters = "none" | "totals" | "rates";

/** What is counted, in one or the other. */
export interface Stats {
  readonly connections: bigint;
  readonly inPackets: bigint;
  readonly outPackets: bigint;
  readonly inBytes: bigint;
  readonly outBytes: bigint;
}

/** A service as the kernel lists it. */
export interface ListedService extends Service {
  readonly stats?: Stats;
}

/** A server as the kernel lists it, with the connections that it has. */
export interface ListedServer extends Server {
  readonly active: number;
  readonly inactive: number;
  readonly persistent: number;
  readonly stats?: Stats;
}

export type Role = "master" | "backup";

/** A connection synchronisation daemon. Zero, "" and undefined leave the kernel's default. */
export interface Daemon {
  readonly role: Role;
  readonly interface: string;
  readonly syncId: number;
  /** The longest message, in bytes. */
  readonly maxLength: number;
  readonly group?: { readonly family: Family; readonly address: Address };
  readonly port: number;
  readonly ttl: number;
}

/** How long the kernel keeps an idle connection, in seconds. Zero leaves a value as it is. */
export interface Timeouts {
  readonly tcp: number;
  readonly tcpFin: number;
  readonly udp: number;
}

export interface Info {
  /** Major, minor and patch in one byte each, as in 0x010201 for 1.2.1. */
  readonly version: number;
  /** How many buckets the connection table has. */
  readonly tableSize: number;
}

/** One change of the kernel's table. */
export type Change =
  | { readonly kind: "add-service" | "edit-service"; readonly service: Service }
  | { readonly kind: "delete-service"; readonly service: ServiceKey }
  | { readonly kind: "add-server" | "edit-server"; readonly service: ServiceKey; readonly server: Server }
  | { readonly kind: "delete-server"; readonly service: ServiceKey; readonly server: ServerKey }
  | { readonly kind: "flush" }
  | { readonly kind: "zero"; readonly service?: ServiceKey }
  | { readonly kind: "set-timeouts"; readonly timeouts: Timeouts }
  | { readonly kind: "start-daemon"; readonly daemon: Daemon }
  | { readonly kind: "stop-daemon"; readonly daemon: Pick<Daemon, "role" | "interface" | "syncId"> };
