/** The values of options: ranges, and ipvsadm's words for what is outside them. */
import { parseDottedQuad, parseInetAton, parseIpv6 } from "../ipvs/address";
import { AF } from "../ipvs/constants";
import type { Address, Family } from "../ipvs/model";
import { fail } from "./failure";
import { leadingNumber, parseNumber } from "./numbers";

/** 31 days, in seconds. */
const MAX_TIMEOUT = 31 * 86_400;

export const seconds = (text: string, min: number): number =>
  parseNumber(text, min, MAX_TIMEOUT) ?? fail(`invalid timeout value \`${text}' specified`);

export const ipv4Netmask = (text: string): number =>
  parseInetAton(text) ?? fail("illegal virtual server persistent mask specified");

export function prefixLength(text: string): number {
  const length = leadingNumber(text);
  return length >= 1 && length <= 128 ? length : fail("illegal ipv6 netmask specified");
}

export function multicastGroup(text: string): { family: Family; address: Address } {
  if (text.includes(":")) {
    const address = parseIpv6(text);
    if (address?.[0] !== 0xff) fail(`invalid IPv6 mcast-group \`${text}'`);
    return { family: AF.INET6, address };
  }
  const address = parseDottedQuad(text);
  if (address === undefined || address >>> 28 !== 0xe) fail(`invalid IPv4 mcast-group \`${text}'`);
  return { family: AF.INET, address };
}
