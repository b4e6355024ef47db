/**
 * Integers as netlink carries them: in the host's own byte order, wherever
 * a field is not said to be in network order.
 */
const little = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

export const readU16 = (from: Buffer, at: number): number => (little ? from.readUInt16LE(at) : from.readUInt16BE(at));
export const readU32 = (from: Buffer, at: number): number => (little ? from.readUInt32LE(at) : from.readUInt32BE(at));
export const readS32 = (from: Buffer, at: number): number => (little ? from.readInt32LE(at) : from.readInt32BE(at));
export const readU64 = (from: Buffer, at: number): bigint => (little ? from.readBigUInt64LE(at) : from.readBigUInt64BE(at));

export const writeU16 = (to: Buffer, value: number, at: number): number =>
  little ? to.writeUInt16LE(value, at) : to.writeUInt16BE(value, at);
export const writeU32 = (to: Buffer, value: number, at: number): number =>
  little ? to.writeUInt32LE(value, at) : to.writeUInt32BE(value, at);
export const writeU64 = (to: Buffer, value: bigint, at: number): number =>
  little ? to.writeBigUInt64LE(value, at) : to.writeBigUInt64BE(value, at);

/** Netlink pads messages and attributes to four bytes (NLMSG_ALIGN, NLA_ALIGN in linux/netlink.h). */
export const align = (length: number): number => (length + 3) & ~3;
