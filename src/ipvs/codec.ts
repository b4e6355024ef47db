/**
 * The model to and from the attributes of linux/ip_vs.h. Packing and
 * unpacking stand side by side, a line an attribute, in the same order.
 */
import type { AttributeReader, AttributeWriter } from "../netlink/attributes";
import { writeU32 } from "../netlink/bytes";
import { ERRNO, MalformedMessage, NetlinkError } from "../netlink/errors";
import { ADDRESS_LENGTH } from "./address";
import { AF, DAEMON, DEST, FWD_MASK, INFO, STATE, STATS, SVC, TOP } from "./constants";
import type {
  Address,
  Counters,
  Daemon,
  Family,
  Info,
  ListedServer,
  ListedService,
  Server,
  ServerKey,
  Service,
  ServiceKey,
  Stats,
  Timeouts,
  Writable,
} from "./model";

const ALL_FLAGS = 0xffffffff;

function family(attribute: AttributeReader, operation: string): Family {
  const value = attribute.u16();
  if (value === AF.INET || value === AF.INET6) return value;
  throw new NetlinkError(operation, ERRNO.EAFNOSUPPORT, `the kernel named address family ${value}`);
}

/** A `union nf_inet_addr`. */
function writeAddress(writer: AttributeWriter, type: number, address: Address): void {
  if (typeof address === "number") writer.be32(type, address, ADDRESS_LENGTH);
  else writer.bytes(type, address);
}

/** The same, when its family is known. `place` is 0 where there was none. */
function addressAt(place: number, family: Family, attributes: AttributeReader, operation: string): Address {
  if (place === 0) throw new MalformedMessage(operation, "an entry without its address");
  return family === AF.INET ? attributes.be32(place) : attributes.bytes(ADDRESS_LENGTH, place);
}

function writeServiceKey(writer: AttributeWriter, service: ServiceKey): void {
  writer.u16(SVC.AF, service.family);
  if (service.mark !== 0) {
    writer.u32(SVC.FWMARK, service.mark);
    return;
  }
  writer.u16(SVC.PROTOCOL, service.protocol);
  writeAddress(writer, SVC.ADDR, service.address);
  writer.be16(SVC.PORT, service.port);
}

/** The service alone, as what finds it in the table. */
export const packServiceKey = (writer: AttributeWriter, service: ServiceKey): AttributeWriter =>
  writer.nested(TOP.SERVICE, writeServiceKey, service);

export const packService = (writer: AttributeWriter, service: Service): AttributeWriter =>
  writer.nested(TOP.SERVICE, (inner) => {
    writeServiceKey(inner, service);
    inner.string(SVC.SCHED_NAME, service.scheduler);
    inner.bytes(SVC.FLAGS, flagsAndMask(service.flags));
    inner.u32(SVC.TIMEOUT, service.timeout);
    if (service.family === AF.INET) inner.be32(SVC.NETMASK, service.netmask);
    else inner.u32(SVC.NETMASK, service.netmask);
    if (service.engine !== "") inner.string(SVC.PE_NAME, service.engine);
  });

/** `struct ip_vs_flags`: the flags, and which of them are meant. */
function flagsAndMask(flags: number): Uint8Array {
  const value = new Uint8Array(8);
  writeU32(value, flags, 0);
  writeU32(value, ALL_FLAGS, 4);
  return value;
}

export function unpackService(attributes: AttributeReader, counters: Counters, operation: string): ListedService {
  let prefix = 0;
  let place = 0;
  const service: Writable<ListedService> = {
    family: AF.INET,
    mark: 0,
    protocol: 0,
    address: 0,
    port: 0,
    scheduler: "",
    flags: 0,
    timeout: 0,
    netmask: 0,
    engine: "",
  };
  let stats: AttributeReader | undefined;
  while (attributes.next()) {
    switch (attributes.type) {
      case SVC.AF: service.family = family(attributes, operation); break;
      case SVC.PROTOCOL: service.protocol = attributes.u16(); break;
      case SVC.ADDR: place = attributes.place(ADDRESS_LENGTH); break;
      case SVC.PORT: service.port = attributes.be16(); break;
      case SVC.FWMARK: service.mark = attributes.u32(); break;
      case SVC.SCHED_NAME: service.scheduler = attributes.string(); break;
      case SVC.FLAGS: service.flags = attributes.u32(); break;
      case SVC.TIMEOUT: service.timeout = attributes.u32(); break;
      case SVC.NETMASK: service.netmask = attributes.be32(); prefix = attributes.u32(); break;
      case SVC.PE_NAME: service.engine = attributes.string(); break;
      case SVC.STATS: if (counters !== "none") stats ??= attributes.nested(); break;
      case SVC.STATS64: if (counters !== "none") stats = attributes.nested(stats); break;
    }
  }
  if (service.mark === 0) service.address = addressAt(place, service.family, attributes, operation);
  if (service.family === AF.INET6) service.netmask = prefix;
  if (counters !== "none") service.stats = unpackStats(stats, FIRST[counters]);
  return service;
}

function writeServerKey(writer: AttributeWriter, server: ServerKey): void {
  writeAddress(writer, DEST.ADDR, server.address);
  writer.be16(DEST.PORT, server.port);
  writer.u16(DEST.ADDR_FAMILY, server.family);
}

export const packServerKey = (writer: AttributeWriter, server: ServerKey): AttributeWriter =>
  writer.nested(TOP.DEST, writeServerKey, server);

export const packServer = (writer: AttributeWriter, server: Server): AttributeWriter =>
  writer.nested(TOP.DEST, (inner) => {
    writeServerKey(inner, server);
    inner.u32(DEST.FWD_METHOD, server.forwarding);
    inner.u32(DEST.WEIGHT, server.weight >>> 0);
    inner.u32(DEST.U_THRESH, server.upper);
    inner.u32(DEST.L_THRESH, server.lower);
    inner.u8(DEST.TUN_TYPE, server.tunnelType);
    inner.be16(DEST.TUN_PORT, server.tunnelPort);
    inner.u16(DEST.TUN_FLAGS, server.tunnelFlags);
  });

/** `serviceFamily` is the family of a server whose kernel does not name it (before 3.18). */
export function unpackServer(
  attributes: AttributeReader,
  serviceFamily: Family,
  counters: Counters,
  operation: string,
): ListedServer {
  let place = 0;
  const server: Writable<ListedServer> = {
    family: serviceFamily,
    address: 0,
    port: 0,
    forwarding: 0,
    weight: 0,
    upper: 0,
    lower: 0,
    active: 0,
    inactive: 0,
    persistent: 0,
    tunnelType: 0,
    tunnelPort: 0,
    tunnelFlags: 0,
  };
  let stats: AttributeReader | undefined;
  while (attributes.next()) {
    switch (attributes.type) {
      case DEST.ADDR: place = attributes.place(ADDRESS_LENGTH); break;
      case DEST.PORT: server.port = attributes.be16(); break;
      case DEST.ADDR_FAMILY: server.family = family(attributes, operation); break;
      case DEST.FWD_METHOD: server.forwarding = attributes.u32() & FWD_MASK; break;
      case DEST.WEIGHT: server.weight = attributes.s32(); break;
      case DEST.U_THRESH: server.upper = attributes.u32(); break;
      case DEST.L_THRESH: server.lower = attributes.u32(); break;
      case DEST.ACTIVE_CONNS: server.active = attributes.u32(); break;
      case DEST.INACT_CONNS: server.inactive = attributes.u32(); break;
      case DEST.PERSIST_CONNS: server.persistent = attributes.u32(); break;
      case DEST.TUN_TYPE: server.tunnelType = attributes.u8(); break;
      case DEST.TUN_PORT: server.tunnelPort = attributes.be16(); break;
      case DEST.TUN_FLAGS: server.tunnelFlags = attributes.u16(); break;
      case DEST.STATS: if (counters !== "none") stats ??= attributes.nested(); break;
      case DEST.STATS64: if (counters !== "none") stats = attributes.nested(stats); break;
    }
  }
  server.address = addressAt(place, server.family, attributes, operation);
  if (counters !== "none") server.stats = unpackStats(stats, FIRST[counters]);
  return server;
}

/** The first of the five attributes; the others follow it. */
const FIRST = { totals: STATS.CONNS, rates: STATS.CPS } as const;

function unpackStats(attributes: AttributeReader | undefined, first: number): Stats {
  const stats: Writable<Stats> = { connections: 0n, inPackets: 0n, outPackets: 0n, inBytes: 0n, outBytes: 0n };
  while (attributes?.next()) {
    switch (attributes.type - first + STATS.CONNS) {
      case STATS.CONNS: stats.connections = counter(attributes); break;
      case STATS.INPKTS: stats.inPackets = counter(attributes); break;
      case STATS.OUTPKTS: stats.outPackets = counter(attributes); break;
      case STATS.INBYTES: stats.inBytes = counter(attributes); break;
      case STATS.OUTBYTES: stats.outBytes = counter(attributes); break;
    }
  }
  return stats;
}

/** The older form has some of them in 32 bits. */
const counter = (attribute: AttributeReader): bigint => (attribute.length >= 8 ? attribute.u64() : BigInt(attribute.u32()));

export const packDaemon = (writer: AttributeWriter, daemon: Daemon): AttributeWriter =>
  writer.nested(TOP.DAEMON, (inner) => {
    writeDaemonKey(inner, daemon);
    if (daemon.maxLength !== 0) inner.u16(DAEMON.SYNC_MAXLEN, daemon.maxLength);
    const group = daemon.group?.address;
    if (typeof group === "number") inner.be32(DAEMON.MCAST_GROUP, group);
    else if (group !== undefined) inner.bytes(DAEMON.MCAST_GROUP6, group);
    if (daemon.port !== 0) inner.u16(DAEMON.MCAST_PORT, daemon.port);
    if (daemon.ttl !== 0) inner.u8(DAEMON.MCAST_TTL, daemon.ttl);
  });

export const packDaemonKey = (writer: AttributeWriter, daemon: DaemonKey): AttributeWriter =>
  writer.nested(TOP.DAEMON, (inner) => writeDaemonKey(inner, daemon));

type DaemonKey = Pick<Daemon, "role" | "interface" | "syncId">;

function writeDaemonKey(writer: AttributeWriter, daemon: DaemonKey): void {
  writer.u32(DAEMON.STATE, daemon.role === "master" ? STATE.MASTER : STATE.BACKUP);
  writer.string(DAEMON.MCAST_IFN, daemon.interface);
  writer.u32(DAEMON.SYNC_ID, daemon.syncId);
}

export function unpackDaemon(attributes: AttributeReader): Daemon {
  const daemon = { role: "master" as Daemon["role"], interface: "", syncId: 0, maxLength: 0, port: 0, ttl: 0 };
  let group: Daemon["group"];
  while (attributes.next()) {
    switch (attributes.type) {
      case DAEMON.STATE: daemon.role = attributes.u32() === STATE.BACKUP ? "backup" : "master"; break;
      case DAEMON.MCAST_IFN: daemon.interface = attributes.string(); break;
      case DAEMON.SYNC_ID: daemon.syncId = attributes.u32(); break;
      case DAEMON.SYNC_MAXLEN: daemon.maxLength = attributes.u16(); break;
      case DAEMON.MCAST_GROUP: group = { family: AF.INET, address: attributes.be32() }; break;
      case DAEMON.MCAST_GROUP6: group = { family: AF.INET6, address: attributes.bytes(ADDRESS_LENGTH) }; break;
      case DAEMON.MCAST_PORT: daemon.port = attributes.u16(); break;
      case DAEMON.MCAST_TTL: daemon.ttl = attributes.u8(); break;
    }
  }
  return group === undefined ? daemon : { ...daemon, group };
}

export const packTimeouts = (writer: AttributeWriter, timeouts: Timeouts): AttributeWriter =>
  writer
    .u32(TOP.TIMEOUT_TCP, timeouts.tcp)
    .u32(TOP.TIMEOUT_TCP_FIN, timeouts.tcpFin)
    .u32(TOP.TIMEOUT_UDP, timeouts.udp);

export function unpackTimeouts(attributes: AttributeReader): Timeouts {
  const timeouts = { tcp: 0, tcpFin: 0, udp: 0 };
  while (attributes.next()) {
    switch (attributes.type) {
      case TOP.TIMEOUT_TCP: timeouts.tcp = attributes.u32(); break;
      case TOP.TIMEOUT_TCP_FIN: timeouts.tcpFin = attributes.u32(); break;
      case TOP.TIMEOUT_UDP: timeouts.udp = attributes.u32(); break;
    }
  }
  return timeouts;
}

export function unpackInfo(attributes: AttributeReader): Info {
  const info = { version: 0, tableSize: 0 };
  while (attributes.next()) {
    switch (attributes.type) {
      case INFO.VERSION: info.version = attributes.u32(); break;
      case INFO.CONN_TAB_SIZE: info.tableSize = attributes.u32(); break;
    }
  }
  return info;
}
