import { formatAddress, ipv4Address, parseDottedQuad, parseIpv6 } from "../ipvs/address";
import { AF } from "../ipvs/constants";
import type { Family } from "../ipvs/model";

/** Addresses of IP as text, and as rtnetlink carries them: 4 or 16 bytes. */

/** An IP address, its text as inet_ntop writes it. */
export interface IpAddress {
  readonly family: Family;
  readonly address: string;
}

/** As inet_pton reads it, of either family; undefined where it is none. */
export function parseIp(text: string): IpAddress | undefined {
  const quad = parseDottedQuad(text);
  if (quad !== undefined) return { family: AF.INET, address: formatAddress(AF.INET, ipv4Address(quad)) };
  const long = parseIpv6(text);
  return long && { family: AF.INET6, address: formatAddress(AF.INET6, long) };
}

export const addressLength = (family: Family): number => (family === AF.INET6 ? 16 : 4);

/** The prefix of one address alone. */
export const hostPrefix = (family: Family): number => 8 * addressLength(family);

/** Throws where it is no address of that family. */
export function addressBytes({ family, address }: IpAddress): Uint8Array {
  const quad = family === AF.INET ? parseDottedQuad(address) : undefined;
  const bytes = family === AF.INET ? quad !== undefined && ipv4Address(quad) : parseIpv6(address);
  if (!bytes) throw new Error(`${address} is no address`);
  return bytes.subarray(0, addressLength(family));
}

export function addressText(family: Family, bytes: Uint8Array): string {
  return formatAddress(family, Buffer.concat([bytes], 16));
}
