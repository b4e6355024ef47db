/** The hash functions of the schedulers that hash. */
import { parseDottedQuad, parseIpv6 } from "../../../src/ipvs/address";
import { readBE32 } from "../../../src/netlink/bytes";

/** The 32 bits of an IPv4 address; those of an IPv6 address, folded together by exclusive or. */
export const fold = (address: string): number => {
  const value = parseDottedQuad(address);
  if (value !== undefined) return value;
  const bytes = parseIpv6(address);
  if (bytes === undefined) throw new Error(`no address: ${address}`);
  return [0, 4, 8, 12].reduce((folded, offset) => (folded ^ readBE32(bytes, offset)) >>> 0, 0);
};

/** Multiplicative hashing by the golden ratio, linux/hash.h's hash_32(): the upper bits of the product. */
export const hash32 = (value: number, bits: number): number => Math.imul(value, 0x61c88647) >>> (32 - bits);

const MASK = (1n << 64n) - 1n;
const rotate = (value: bigint, by: bigint): bigint => ((value << by) | (value >> (64n - by))) & MASK;

/**
 * SipHash-1-3 of a 32-bit value in little-endian order, as Aumasson and Bernstein define it; of the 64 bits of the result
 * the lower 32, which is linux/siphash.h's hsiphash() on 64-bit machines.
 */
export const sipHash13 = (value: number, key: readonly [bigint, bigint]): number => {
  let v0 = key[0] ^ 0x736f6d6570736575n;
  let v1 = key[1] ^ 0x646f72616e646f6dn;
  let v2 = key[0] ^ 0x6c7967656e657261n;
  let v3 = key[1] ^ 0x7465646279746573n;
  const round = (): void => {
    v0 = (v0 + v1) & MASK;
    v1 = rotate(v1, 13n) ^ v0;
    v0 = rotate(v0, 32n);
    v2 = (v2 + v3) & MASK;
    v3 = rotate(v3, 16n) ^ v2;
    v0 = (v0 + v3) & MASK;
    v3 = rotate(v3, 21n) ^ v0;
    v2 = (v2 + v1) & MASK;
    v1 = rotate(v1, 17n) ^ v2;
    v2 = rotate(v2, 32n);
  };
  // One word alone: four bytes of message, and how many they are in the uppermost.
  const word = (4n << 56n) | BigInt(value >>> 0);
  v3 ^= word;
  round();
  v0 ^= word;
  v2 ^= 0xffn;
  round();
  round();
  round();
  return Number((v0 ^ v1 ^ v2 ^ v3) & 0xffffffffn);
};
