const NESTED = 0x8000;

/**
 * The attributes of little-endian bytes as "1.9=ffffff00", one a line,
 * sorted: two messages with the same lines say the same. Reads by itself,
 * so as to check what src/netlink writes.
 */
export const attributeLines = (bytes: Buffer, prefix = ""): string[] => {
  const found: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt16LE(at);
    const type = bytes.readUInt16LE(at + 2);
    const value = bytes.subarray(at + 4, at + length);
    const name = `${prefix}${type & ~NESTED}`;
    found.push(...((type & NESTED) === 0 ? [`${name}=${value.toString("hex")}`] : attributeLines(value, `${name}.`)));
    at += (length + 3) & ~3;
  }
  return found.sort();
};
