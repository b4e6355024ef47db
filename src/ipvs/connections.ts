import { ipv4Address, parseIpv6 } from "./address";
import { AF_INET, AF_INET6 } from "./constants";
import type { Address, Family } from "./model";

/**
 * The connection table, /proc/net/ip_vs_conn (ip_vs_conn.c): not in netlink.
 * A heading, then a line each: addresses in hexadecimal (IPv6 as text), ports
 * in hexadecimal, seconds to expiry in decimal.
 */

export interface ConnectionEndpoint {
  readonly family: Family;
  readonly address: Address;
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

const HEX_ADDRESS = /^[0-9A-Fa-f]{8}$/;
const HEX_PORT = /^[0-9A-Fa-f]{1,4}$/;

/** Undefined where the line is not one of the kernel's. */
export function parseConnection(line: string): ConnectionEntry | undefined {
  const [protocol, from, fromPort, to, toPort, dest, destPort, state, seconds, engine = "", engineData = ""] =
    line.trim().split(/\s+/);
  const client = endpoint(from, fromPort);
  const virtual = endpoint(to, toPort);
  const server = endpoint(dest, destPort);
  const expires = Number(seconds);
  if (!protocol || !state || !client || !virtual || !server || !Number.isInteger(expires)) return undefined;
  return { protocol, client, virtual, server, state, expires, engine, engineData };
}

function endpoint(address: string | undefined, port: string | undefined): ConnectionEndpoint | undefined {
  if (address === undefined || port === undefined || !HEX_PORT.test(port)) return undefined;
  const number = Number.parseInt(port, 16);
  if (HEX_ADDRESS.test(address)) {
    return { family: AF_INET, address: ipv4Address(Number.parseInt(address, 16)), port: number };
  }
  const ipv6 = parseIpv6(address);
  return ipv6 && { family: AF_INET6, address: ipv6, port: number };
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
