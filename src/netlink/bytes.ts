/**
 * Integers as netlink carries them: in the host's own byte order, wherever
 * a field is not said to be in network order. Byte by byte up to 32 bits:
 * Buffer's methods for them are Node's own JavaScript, which each process
 * compiles anew when it first calls them (test/bench/README.md).
 *
 * Readers check no bounds: whoever calls has looked at the length. Writers
 * throw RangeError for a value that does not fit.
 */
const little = process.arch === "x64" || process.arch === "arm64" || isLittle();

/** Asks memory, which takes more of a start than all integers of a command. */
function isLittle(): boolean {
  return new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
}

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
export function readU64(from: Uint8Array, at: number): bigint {
  const first = readU32(from, at);
  const second = readU32(from, at + 4);
  if ((first | second) === 0) return 0n;
  return little ? (BigInt(second) << 32n) | BigInt(first) : (BigInt(first) << 32n) | BigInt(second);
}

export function writeU8(to: Uint8Array, value: number, at: number): void {
  if (value !== (value & 0xff)) throw misfit(value, 8);
  to[at] = value;
}

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

export function writeU64(to: Uint8Array, value: bigint, at: number): void {
  if (value !== BigInt.asUintN(64, value)) throw misfit(value, 64);
  writeU32(to, Number(value >> 32n), little ? at + 4 : at);
  writeU32(to, Number(value & 0xffffffffn), little ? at : at + 4);
}

const misfit = (value: number | bigint, bits: number): RangeError => new RangeError(`${value} does not fit into ${bits} bits`);

/** Netlink pads messages and attributes to four bytes (NLMSG_ALIGN, NLA_ALIGN in linux/netlink.h). */
export const align = (length: number): number => (length + 3) & ~3;

/** Of a buffer's first bytes. */
export function copyOf({ buffer, length }: { readonly buffer: Uint8Array; readonly length: number }): Uint8Array {
  const copy = new Uint8Array(length);
  for (let at = 0; at < length; at++) copy[at] = buffer[at]!;
  return copy;
}
