import { formatAddress, parseDottedQuad, parseIpv6 } from "../ipvs/address";
import { AF } from "../ipvs/constants";
import type { Family } from "../ipvs/model";
import { readBE32, writeBE32 } from "../netlink/bytes";

/** Addresses of IP as text, and as rtnetlink carries them: 4 or 16 bytes. */

/** An IP address, its text as inet_ntop writes it. */
export interface IpAddress {
  readonly family: Family;
  readonly address: string;
}

/** As inet_pton reads it, of either family; undefined where it is none. */
export function parseIp(text: string): IpAddress | undefined {
  const quad = parseDottedQuad(text);
  if (quad !== undefined) return { family: AF.INET, address: formatAddress(quad) };
  const long = parseIpv6(text);
  return long && { family: AF.INET6, address: formatAddress(long) };
}

export const addressLength = (family: Family): number => (family === AF.INET6 ? 16 : 4);

/** The prefix of one address alone. */
export const hostPrefix = (family: Family): number => 8 * addressLength(family);

/** Throws where it is no address of that family. */
export function addressBytes({ family, address }: IpAddress): Uint8Array {
  const parsed = family === AF.INET ? parseDottedQuad(address) : parseIpv6(address);
  if (parsed === undefined) throw new Error(`${address} is no address`);
  if (typeof parsed !== "number") return parsed;
  const bytes = new Uint8Array(addressLength(family));
  writeBE32(bytes, parsed, 0);
  return bytes;
}

export const addressText = (family: Family, bytes: Uint8Array): string => formatAddress(family === AF.INET ? readBE32(bytes, 0) : bytes);
