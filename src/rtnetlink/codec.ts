/** What the kernel says of links and addresses, and what it is told: linux/rtnetlink.h. */
import { AF } from "../ipvs/constants";
import type { Family } from "../ipvs/model";
import { AttributeReader, AttributeWriter } from "../netlink/attributes";
import { readU32, writeU32 } from "../netlink/bytes";
import { MalformedMessage } from "../netlink/errors";
import { attributesStart, type Message } from "../netlink/message";
import { FOU_ATTRIBUTE, IFA, IFLA, IFLA_IPTUN, IP6_TNL_F_ALLOW_LOCAL_REMOTE, LINK_INFO, NDA, RTA } from "./constants";
import { addressBytes, addressLength, addressText, hostPrefix, type IpAddress } from "./ip";
import type { FouPort, Link, LinkAddress, NewAddress, ProxyNeighbour, Route } from "./model";

/** `struct ifinfomsg`: family, padding, type, index, flags, and which of the flags are meant. */
const LINK_HEAD = 16;
/** `struct ifaddrmsg`: family, prefix, flags, scope, index of the link. */
const ADDRESS_HEAD = 8;
/** `struct ndmsg`: family, padding, index of the link, state, flags, type. */
const NEIGHBOUR_HEAD = 12;
const NEIGHBOUR_FLAGS_AT = 10;
/** `struct rtmsg`: family, prefixes of destination and source, TOS, table, protocol, scope, type, flags. */
export const ROUTE_HEAD = 12;
const ROUTE_TYPE_AT = 7;

/** `struct ifa_cacheinfo`: preferred for no time, valid for ever, and two stamps that the kernel sets. */
const DEPRECATED = Buffer.alloc(16);
writeU32(DEPRECATED, 0xffffffff, 4);

export function linkHead({ index = 0, flags = 0, change = 0 }: { index?: number; flags?: number; change?: number }): Buffer {
  const head = Buffer.alloc(LINK_HEAD);
  writeU32(head, index, 4);
  writeU32(head, flags, 8);
  writeU32(head, change, 12);
  return head;
}

export function addressHead({ family, prefix, scope, index }: Pick<LinkAddress, "family" | "prefix" | "scope" | "index">): Buffer {
  const head = Buffer.from([family, prefix, 0, scope, 0, 0, 0, 0]);
  writeU32(head, index, 4);
  return head;
}

/** The attributes of an address: what to add, or what to take away. */
export function packAddress({ family, address, label, flags, deprecated = false }: NewAddress): Uint8Array {
  const bytes = addressBytes({ family, address });
  const writer = new AttributeWriter().bytes(IFA.LOCAL, bytes).bytes(IFA.ADDRESS, bytes);
  if (label !== undefined) writer.string(IFA.LABEL, label);
  if (deprecated) writer.bytes(IFA.CACHEINFO, DEPRECATED);
  return (flags === 0 ? writer : writer.u32(IFA.FLAGS, flags)).finish();
}

export function neighbourHead({ family, index, flags }: { family: Family; index: number; flags: number }): Buffer {
  const head = Buffer.alloc(NEIGHBOUR_HEAD);
  head[0] = family;
  writeU32(head, index, 4);
  head[NEIGHBOUR_FLAGS_AT] = flags;
  return head;
}

/** Undefined where it is one of a family other than IP's, or has no address. */
export function unpackNeighbour(message: Message, operation: string): ProxyNeighbour | undefined {
  const found = attributes(message, NEIGHBOUR_HEAD, operation);
  const family = message.buffer[message.start];
  if (!isFamily(family)) return undefined;
  while (found.next()) {
    if (found.type !== NDA.DST) continue;
    return { index: readU32(message.buffer, message.start + 4), address: addressText(family, found.bytes(addressLength(family))) };
  }
  return undefined;
}

export const packNeighbour = (neighbour: IpAddress): Uint8Array => new AttributeWriter().bytes(NDA.DST, addressBytes(neighbour)).finish();

function attributes(message: Message, head: number, operation: string): AttributeReader {
  if (message.end - message.start < head) throw new MalformedMessage(operation, `a message of ${message.end - message.start} bytes`);
  return new AttributeReader(message.buffer, message.start + head, message.end, operation);
}

export function unpackLink(message: Message, operation: string): Link {
  const found = attributes(message, LINK_HEAD, operation);
  const index = readU32(message.buffer, message.start + 4);
  const flags = readU32(message.buffer, message.start + 8);
  let name = "";
  let kind: string | undefined;
  let mac = "";
  let master: number | undefined;
  while (found.next()) {
    if (found.type === IFLA.IFNAME) name = found.string();
    else if (found.type === IFLA.ADDRESS) mac = Buffer.from(found.bytes(found.length)).toString("hex").replace(/..(?=.)/g, "$&:");
    else if (found.type === IFLA.MASTER) master = found.u32();
    else if (found.type === IFLA.LINKINFO) kind = kindOf(found.nested());
  }
  if (name === "") throw new MalformedMessage(operation, "a link without its name");
  return { index, name, kind, flags, mac, master };
}

function kindOf(info: AttributeReader): string | undefined {
  while (info.next()) if (info.type === LINK_INFO.KIND) return info.string();
  return undefined;
}

const isFamily = (family: number | undefined): family is Family => family === AF.INET || family === AF.INET6;

/** Undefined where it is an address of a family other than IP's. */
export function unpackAddress(message: Message, operation: string): LinkAddress | undefined {
  const found = attributes(message, ADDRESS_HEAD, operation);
  const [family, prefix = 0, shortFlags = 0, scope = 0] = message.buffer.subarray(message.start, message.start + 4);
  if (!isFamily(family)) return undefined;
  let flags: number = shortFlags;
  let label: string | undefined;
  let local: Uint8Array | undefined;
  let address: Uint8Array | undefined;
  while (found.next()) {
    if (found.type === IFA.LOCAL) local = found.bytes(addressLength(family));
    else if (found.type === IFA.ADDRESS) address = found.bytes(addressLength(family));
    else if (found.type === IFA.LABEL) label = found.string();
    else if (found.type === IFA.FLAGS) flags = found.u32();
  }
  // Of a link with a peer, IFA_ADDRESS is that of the peer.
  const own = local ?? address;
  if (own === undefined) throw new MalformedMessage(operation, "an address without its bytes");
  const index = readU32(message.buffer, message.start + 4);
  return { index, family, address: addressText(family, own), prefix, flags, scope, label };
}

/** The way to one address. */
export function routeHead({ family }: IpAddress): Buffer {
  const head = Buffer.alloc(ROUTE_HEAD);
  head[0] = family;
  head[1] = hostPrefix(family);
  return head;
}

export const packRoute = (destination: IpAddress): Uint8Array => new AttributeWriter().bytes(RTA.DST, addressBytes(destination)).finish();

export function unpackRoute(message: Message, operation: string): Route {
  const found = attributes(message, ROUTE_HEAD, operation);
  const type = message.buffer[message.start + ROUTE_TYPE_AT] ?? 0;
  while (found.next()) if (found.type === RTA.OIF) return { type, index: found.u32() };
  return { type, index: undefined };
}

/** The data of a tunnel of IPv6 that takes whatever comes: no protocol is any. */
export function packExternalTunnel(writer: AttributeWriter): void {
  writer.bytes(IFLA_IPTUN.COLLECT_METADATA, new Uint8Array(0)).u32(IFLA_IPTUN.FLAGS, IP6_TNL_F_ALLOW_LOCAL_REMOTE);
}

export function packFouPort({ port, family, type, protocol }: FouPort): Uint8Array {
  const writer = new AttributeWriter().be16(FOU_ATTRIBUTE.PORT, port).u8(FOU_ATTRIBUTE.FAMILY, family).u8(FOU_ATTRIBUTE.TYPE, type);
  // Newer kernels refuse a protocol of 0 (ERANGE).
  return (protocol === 0 ? writer : writer.u8(FOU_ATTRIBUTE.PROTOCOL, protocol)).finish();
}

export function unpackFouPort(message: Message, operation: string): FouPort {
  const found = new AttributeReader(message.buffer, attributesStart(message, operation), message.end, operation);
  let port = 0;
  let family: number = AF.INET;
  let type = 0;
  let protocol = 0;
  while (found.next()) {
    if (found.type === FOU_ATTRIBUTE.PORT) port = found.be16();
    else if (found.type === FOU_ATTRIBUTE.FAMILY) family = found.u8();
    else if (found.type === FOU_ATTRIBUTE.TYPE) type = found.u8();
    else if (found.type === FOU_ATTRIBUTE.PROTOCOL) protocol = found.u8();
  }
  if (!isFamily(family)) throw new MalformedMessage(operation, `a port of family ${family}`);
  return { port, family, type, protocol };
}
