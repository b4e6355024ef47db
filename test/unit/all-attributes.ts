import { AttributeReader } from "../../src/netlink/attributes";

/** A reader for each attribute, standing on it. */
export function allAttributes(reader: () => AttributeReader): AttributeReader[] {
  const found: AttributeReader[] = [];
  for (const walker = reader(); walker.next(); ) {
    const one = reader();
    for (let step = 0; step <= found.length; step++) one.next();
    found.push(one);
  }
  return found;
}

/** Reads all of these bytes. */
export const readerOf = (bytes: Uint8Array): AttributeReader => new AttributeReader(bytes, 0, bytes.length, "reading");
