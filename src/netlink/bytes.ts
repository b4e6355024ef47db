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
/** Zero, which most counters of a long table are, without making a bigint. */
export const readU64 = (from: Buffer, at: number): bigint =>
  (readU32(from, at) | readU32(from, at + 4)) === 0 ? 0n : little ? from.readBigUInt64LE(at) : from.readBigUInt64BE(at);

/** In network order. */
export function writeBE16(to: Uint8Array, value: number, at: number): void {
  if (value !== (value & 0xffff)) throw misfit(value, 16);
  to[at] = value >>> 8;
  to[at + 1] = value;
}

/** In network order. */
export function writeBE32(to: Uint8Array, value: number, at: number): void {
  if (value !== value >>> 0) throw misfit(value, 32);
  to[at] = value >>> 24;
  to[at + 1] = value >>> 16;
  to[at + 2] = value >>> 8;
  to[at + 3] = value;
}

export function writeU16(to: Uint8Array, value: number, at: number): void {
  if (!little) return writeBE16(to, value, at);
  if (value !== (value & 0xffff)) throw misfit(value, 16);
  to[at] = value;
  to[at + 1] = value >>> 8;
}

export function writeU32(to: Uint8Array, value: number, at: number): void {
  if (!little) return writeBE32(to, value, at);
  if (value !== value >>> 0) throw misfit(value, 32);
  to[at] = value;
  to[at + 1] = value >>> 8;
  to[at + 2] = value >>> 16;
  to[at + 3] = value >>> 24;
}

/** Two of 16 bits, one after the other. */
export function writeU16s(to: Uint8Array, first: number, second: number, at: number): void {
  const either = first | second;
  if (either !== (either & 0xffff)) throw misfit(either, 16);
  writeU32(to, (little ? first | (second << 16) : (first << 16) | second) >>> 0, at);
}

export const writeU64 = (to: Buffer, value: bigint, at: number): number =>
  little ? to.writeBigUInt64LE(value, at) : to.writeBigUInt64BE(value, at);

const misfit = (value: number, bits: number): RangeError => new RangeError(`${value} does not fit into ${bits} bits`);

/** Netlink pads messages and attributes to four bytes (NLMSG_ALIGN, NLA_ALIGN in linux/netlink.h). */
export const align = (length: number): number => (length + 3) & ~3;

/** Of a buffer's first bytes. */
export function copyOf({ buffer, length }: { readonly buffer: Buffer; readonly length: number }): Buffer {
  const copy = Buffer.allocUnsafe(length);
  for (let at = 0; at < length; at++) copy[at] = buffer[at]!;
  return copy;
}
