/**
 * Integers as netlink carries them: in the host's own byte order, wherever
 * a field is not said to be in network order. Byte by byte up to 32 bits:
 * Buffer's methods for them are Node's own JavaScript, which each process
 * compiles anew when it first calls them (test/bench/README.md).
 *
 * Readers check no bounds: whoever calls has looked at the length. Writers
 * throw RangeError for a value that does not fit.
 */
const little = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** In network order. */
export const readBE16 = (from: Uint8Array, at: number): number => (from[at]! << 8) | from[at + 1]!;
/** In network order. */
export const readBE32 = (from: Uint8Array, at: number): number =>
  ((from[at]! << 24) | (from[at + 1]! << 16) | (from[at + 2]! << 8) | from[at + 3]!) >>> 0;

export const readU16 = (from: Uint8Array, at: number): number =>
  little ? (from[at + 1]! << 8) | from[at]! : readBE16(from, at);
export const readU32 = (from: Uint8Array, at: number): number =>
  little ? ((from[at + 3]! << 24) | (from[at + 2]! << 16) | (from[at + 1]! << 8) | from[at]!) >>> 0 : readBE32(from, at);
export const readS32 = (from: Uint8Array, at: number): number => readU32(from, at) | 0;
export const readU64 = (from: Buffer, at: number): bigint => (little ? from.readBigUInt64LE(at) : from.readBigUInt64BE(at));

/** In network order. */
export const writeBE16 = (to: Uint8Array, value: number, at: number): void => put(to, value, at, 2, false);
/** In network order. */
export const writeBE32 = (to: Uint8Array, value: number, at: number): void => put(to, value, at, 4, false);
export const writeU16 = (to: Uint8Array, value: number, at: number): void => put(to, value, at, 2, little);
export const writeU32 = (to: Uint8Array, value: number, at: number): void => put(to, value, at, 4, little);
export const writeU64 = (to: Buffer, value: bigint, at: number): number =>
  little ? to.writeBigUInt64LE(value, at) : to.writeBigUInt64BE(value, at);

function put(to: Uint8Array, value: number, at: number, length: number, lowFirst: boolean): void {
  // Not by shifting: 32 bits shifted by 32 are what they were.
  if (value !== value >>> 0 || value >= 2 ** (8 * length)) throw new RangeError(`${value} does not fit into ${length} bytes`);
  for (let index = 0; index < length; index++) {
    to[at + (lowFirst ? index : length - 1 - index)] = value >>> (8 * index);
  }
}

/** Netlink pads messages and attributes to four bytes (NLMSG_ALIGN, NLA_ALIGN in linux/netlink.h). */
export const align = (length: number): number => (length + 3) & ~3;
