import { CODE } from "../character-codes";
import { formatAddress, parseIpv6 } from "./address";
import { AF } from "./constants";
import type { Family } from "./model";

/**
 * The connection table, /proc/net/ip_vs_conn (ip_vs_conn.c): not in netlink.
 * A heading, then a line each: addresses in hexadecimal (IPv6 as text), ports
 * in hexadecimal, seconds to expiry in decimal.
 */

export interface ConnectionEndpoint {
  readonly family: Family;
  /** The address as text: long tables are read to be printed, and an array for each address would cost more than all else. */
  readonly host: string;
  readonly port: number;
}

export interface ConnectionEntry {
  readonly protocol: string;
  readonly client: ConnectionEndpoint;
  readonly virtual: ConnectionEndpoint;
  readonly server: ConnectionEndpoint;
  readonly state: string;
  /** Until the entry expires, in seconds. */
  readonly expires: number;
  /** The persistence engine and what it knows the client by, or "". */
  readonly engine: string;
  readonly engineData: string;
}

/** Undefined where the line is not one of the kernel's. By the character, as long tables have many. */
export function parseConnection(line: string): ConnectionEntry | undefined {
  const [protocol, from, fromPort, to, toPort, dest, destPort, state, seconds, engine = "", engineData = ""] = fieldsOf(line);
  const client = endpoint(from, fromPort);
  const virtual = endpoint(to, toPort);
  const server = endpoint(dest, destPort);
  const expires = Number(seconds);
  if (!protocol || !state || !client || !virtual || !server || !Number.isInteger(expires)) return undefined;
  return { protocol, client, virtual, server, state, expires, engine, engineData };
}

/** What stands between blanks and control characters. */
function fieldsOf(line: string): string[] {
  const fields: string[] = [];
  let start = 0;
  for (let at = 0; at < line.length; at++) {
    if (line.charCodeAt(at) > CODE.BLANK) continue;
    if (at > start) fields.push(line.slice(start, at));
    start = at + 1;
  }
  if (start < line.length) fields.push(line.slice(start));
  return fields;
}

function endpoint(address: string | undefined, port: string | undefined): ConnectionEndpoint | undefined {
  if (address === undefined || port === undefined || port.length > 4) return undefined;
  const number = hexadecimal(port);
  if (number === undefined) return undefined;
  const ipv4 = address.length === 8 ? hexadecimal(address) : undefined;
  if (ipv4 !== undefined) return { family: AF.INET, host: formatAddress(ipv4), port: number };
  const ipv6 = parseIpv6(address);
  return ipv6 && { family: AF.INET6, host: formatAddress(ipv6), port: number };
}

/** Of digits alone, eight at most. */
function hexadecimal(text: string): number | undefined {
  let value = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const digit = code <= 0x39 ? code - 0x30 : (code | 0x20) - 0x57; // a letter of either case
    if (digit < 0 || digit > 15 || (code > 0x39 && digit < 10)) return undefined;
    value = value * 16 + digit;
  }
  return value;
}

/** The lines of a text that comes in pieces. */
export function* lines(pieces: Iterable<string>): Generator<string> {
  let rest = "";
  for (const piece of pieces) {
    const parts = (rest + piece).split("\n");
    rest = parts.pop() ?? "";
    yield* parts;
  }
  if (rest !== "") yield rest;
}
