import { compileLightly } from "#compiler";
import { CODE } from "../character-codes";
import { readBE16, readBE32, writeBE16 } from "../netlink/bytes";
import { textOf } from "../netlink/text";
import { AF } from "./constants";
import type { Address, Family } from "./model";

/** Addresses as text, with the forms that libc's inet_aton, inet_pton and inet_ntop take and give. */

/** How long an IPv6 address is, in bytes; and a `union nf_inet_addr`. */
export const ADDRESS_LENGTH = 16;
// The regular expressions stand in functions that few calls need: each costs the start that makes it.
const isHex = (group: string): boolean => /^[0-9a-f]{1,4}$/i.test(group);
/** A number in C's notation, as strtoul takes it with base 0. */
const isCNumber = (part: string): boolean => /^(0x[0-9a-f]+|0[0-7]*|[1-9][0-9]*)$/i.test(part);

/**
 * An IPv4 address as inet_aton reads it, in host order: one to four parts in
 * decimal, octal or hexadecimal, the last filling what is left; what follows
 * white space is ignored.
 */
export function parseInetAton(text: string): number | undefined {
  const plain = parseDottedQuad(text);
  if (plain !== undefined) return plain;
  const parts = text.split(/[ \t\n\v\f\r]/, 1)[0]?.split(".") ?? [];
  if (parts.length > 4 || !parts.every(isCNumber)) return undefined;
  const numbers = parts.map((part) => (/^0[0-7]/.test(part) ? Number.parseInt(part, 8) : Number(part)));
  const last = numbers.pop() ?? 0;
  if (numbers.some((number) => number > 0xff) || last >= 2 ** (8 * (4 - numbers.length))) return undefined;
  return numbers.reduce((sum, number, index) => sum + number * 2 ** (24 - 8 * index), 0) + last;
}

/**
 * Four decimal parts without leading zeros, as inet_pton reads them and as
 * nearly every address is written; in host order. By the character, as long
 * lists have many, and up to `end`, so that what is behind it need not be cut
 * off.
 */
export function parseDottedQuad(text: string, end = text.length): number | undefined {
  let value = 0;
  let points = 0;
  let part: number | undefined;
  for (let at = 0; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === CODE.POINT) {
      if (part === undefined || ++points > 3) return undefined;
      value = value * 256 + part;
      part = undefined;
    } else {
      if (code < CODE.ZERO || code > CODE.NINE || part === 0) return undefined;
      part = (part ?? 0) * 10 + code - CODE.ZERO;
      if (part > 0xff) return undefined;
    }
  }
  return points === 3 && part !== undefined ? value * 256 + part : undefined;
}

/** An IPv6 address as inet_pton reads it: no brackets, no zone. */
export function parseIpv6(text: string): Uint8Array | undefined {
  if (text.indexOf(":") === text.lastIndexOf(":")) return undefined;
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half, index) => groups(half, index === halves.length - 1));
  if (head === undefined || (halves.length === 2 && tail === undefined)) return undefined;
  const given = head.length + (tail?.length ?? 0);
  if (tail === undefined ? given !== 8 : given > 7) return undefined;
  const all = [...head, ...new Array<number>(8 - given).fill(0), ...(tail ?? [])];
  const address = new Uint8Array(ADDRESS_LENGTH);
  for (const [index, group] of all.entries()) writeBE16(address, group, 2 * index);
  return address;
}

/** The 16-bit groups of one side of "::"; the last may be a dotted quad where the address ends. */
function groups(text: string, ends: boolean): number[] | undefined {
  if (text === "") return [];
  const parts = text.split(":");
  const last = parts.at(-1) ?? "";
  const quad = ends && last.includes(".") ? parseDottedQuad(last) : undefined;
  if (quad !== undefined) parts.pop();
  if (!parts.every(isHex)) return undefined;
  const numbers = parts.map((part) => Number.parseInt(part, 16));
  return quad === undefined ? numbers : [...numbers, quad >>> 16, quad & 0xffff];
}

/** How many groups an IPv6 address is written in, each of 16 bits. */
const GROUPS = 8;

/** How many words an address has, each of 32 bits. */
export const WORDS = 4;

/** A word of an address as a `union nf_inet_addr` has it: an IPv4 address is the first, and zeros follow. */
export const word = (address: Address, index: number): number =>
  typeof address === "number" ? (index === 0 ? address : 0) : readBE32(address, 4 * index);

export const isSameAddress = (a: Address, b: Address): boolean =>
  typeof a === "number" || typeof b === "number"
    ? a === b
    : word(a, 0) === word(b, 0) && word(a, 1) === word(b, 1) && word(a, 2) === word(b, 2) && word(a, 3) === word(b, 3);

/** The same for the same address of a family, and made at once. */
export const addressId = (address: Address): string =>
  typeof address === "number" ? `${address}` : `${word(address, 0)} ${word(address, 1)} ${word(address, 2)} ${word(address, 3)}`;

export const formatAddress = (address: Address): string => (typeof address === "number" ? formatIpv4(address) : formatIpv6(address));

const formatIpv4 = (value: number): string => `${value >>> 24}.${(value >>> 16) & 0xff}.${(value >>> 8) & 0xff}.${value & 0xff}`;

function formatIpv6(address: Uint8Array): string {
  const text = new Uint8Array(LONGEST_IPV6);
  return textOf(text, 0, writeIpv6(address, text, 0));
}

/** How long the text of an IPv6 address may be, in bytes. */
export const LONGEST_IPV6 = 39;

/**
 * Writes an IPv6 address as inet_ntop does: the first longest run of zeros
 * shortened, embedded IPv4 addresses dotted. Returns where it ends.
 */
export function writeIpv6(address: Uint8Array, to: Uint8Array, at: number): number {
  let zeros = 0;
  let length = 0;
  for (let start = 0; start < GROUPS; start++) {
    let end = start;
    while (end < GROUPS && readBE16(address, 2 * end) === 0) end++;
    if (end - start > length) {
      zeros = start;
      length = end - start;
    }
    start = end;
  }
  const mapped = length === 5 && readBE16(address, 10) === 0xffff;
  const dotted = zeros === 0 && (length === 6 || mapped);
  const last = dotted ? GROUPS - 2 : GROUPS;
  for (let group = 0; group < last; ) {
    if (length > 1 && group === zeros) {
      to[at++] = CODE.COLON;
      to[at++] = CODE.COLON;
      group += length;
      continue;
    }
    at = writeHexadecimal(readBE16(address, 2 * group), to, at);
    if (++group < GROUPS && !(length > 1 && group === zeros)) to[at++] = CODE.COLON;
  }
  return dotted ? writeIpv4(readBE32(address, 12), to, at) : at;
}

/** The same for IPv4, in host order. */
export function writeIpv4(address: number, to: Uint8Array, at: number): number {
  at = writeByte(address >>> 24, to, at);
  to[at] = CODE.POINT;
  at = writeByte((address >>> 16) & 0xff, to, at + 1);
  to[at] = CODE.POINT;
  at = writeByte((address >>> 8) & 0xff, to, at + 1);
  to[at] = CODE.POINT;
  return writeByte(address & 0xff, to, at + 1);
}

/** Up to 255, in decimal digits. It divides by 100 and by 10 in whole numbers, which a division would not before it is compiled. */
function writeByte(value: number, to: Uint8Array, at: number): number {
  let rest = value;
  if (value > 9) {
    if (value > 99) {
      const hundreds = (value * 41) >> 12;
      to[at++] = CODE.ZERO + hundreds;
      rest -= hundreds * 100;
    }
    const tens = (rest * 205) >> 11;
    to[at++] = CODE.ZERO + tens;
    rest -= tens * 10;
  }
  to[at] = CODE.ZERO + rest;
  return at + 1;
}

/** Four digits at most, without zeros before them. */
function writeHexadecimal(value: number, to: Uint8Array, at: number): number {
  for (let shift = value > 0xfff ? 12 : value > 0xff ? 8 : value > 0xf ? 4 : 0; shift >= 0; shift -= 4) {
    const digit = (value >>> shift) & 0xf;
    to[at++] = digit < 10 ? CODE.ZERO + digit : CODE.SMALL_A + digit - 10;
  }
  return at;
}

/** A netmask as people write it: dotted for IPv4, a prefix length for IPv6. */
export const formatNetmask = (family: Family, netmask: number): string =>
  family === AF.INET6 ? String(netmask) : formatIpv4(netmask);

/** The netmask under which every client counts alone. */
export const hostNetmask = (family: Family): number => (family === AF.INET ? 0xffffffff : 128);

compileLightly(writeIpv4, writeByte);
