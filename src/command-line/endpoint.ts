import { parseDottedQuad, parseInetAton, parseIpv6 } from "../ipvs/address";
import { AF } from "../ipvs/constants";
import type { Address, Family } from "../ipvs/model";
import type { NameLookup } from "../names/lookup";
import { fail } from "./failure";
import { isDigits, parseNumber, plainNumber } from "./numbers";

/** Where an address goes, and a port where one was written. */
interface Endpoint {
  family: Family;
  address: Address;
  port: number;
}

/**
 * Reads HOST[:PORT] with ipvsadm's rules into `into`: at once, or where the
 * host is a name, when it is found. IPv6 stands bare, without a port, or in
 * brackets, with one. Where it cannot be read, `problem` is what is said.
 */
export function readEndpoint(text: string, protocol: number, names: NameLookup, into: Endpoint, problem: string): Promise<void> | undefined {
  if (isPlain(text, into)) return undefined;
  const bracketed = text.startsWith("[") ? splitBrackets(text) : { host: text, port: undefined };
  if (bracketed === undefined || text === "") return fail(problem);
  const ipv6 = parseIpv6(bracketed.host);
  const colon = ipv6 === undefined ? bracketed.host.lastIndexOf(":") : -1;
  const host = colon < 0 ? bracketed.host : bracketed.host.slice(0, colon);
  // Brackets around anything else lose the port behind them, in ipvsadm too.
  const portText = ipv6 !== undefined ? bracketed.port : colon < 0 ? undefined : bracketed.host.slice(colon + 1);
  if (portText !== undefined) into.port = parseNumber(portText, 0, 65535) ?? names.servicePort(portText, protocol) ?? fail(problem);
  // A number alone is meant as a port, of no host.
  else if (isDigits(host)) fail(problem);
  const address = ipv6 ?? parseInetAton(host);
  if (address !== undefined) {
    into.family = ipv6 === undefined ? AF.INET : AF.INET6;
    into.address = address;
    return undefined;
  }
  return names.hostAddress(host).then((found) => {
    const { family, address } = found ?? fail(problem);
    into.family = family;
    into.address = address;
  });
}

/** Reads four decimal parts and a port: so it is in nearly every line of a file, and no text is cut out. */
function isPlain(text: string, into: Endpoint): boolean {
  const colon = text.indexOf(":");
  const quad = colon < 0 ? undefined : parseDottedQuad(text, colon);
  const port = quad === undefined ? undefined : plainNumber(text, colon + 1, 65_535);
  if (quad === undefined || port === undefined) return false;
  into.family = AF.INET;
  into.address = quad;
  into.port = port;
  return true;
}

/** The text without its brackets, and the port behind them; undefined where they are not "[...]:". */
function splitBrackets(text: string): { host: string; port: string | undefined } | undefined {
  const close = text.indexOf("]");
  if (close < 0 || text[close + 1] !== ":") return undefined;
  return { host: text.slice(1, close), port: text.slice(close + 2) };
}
