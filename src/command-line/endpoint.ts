import { ipv4Address, parseInetAton, parseIpv6 } from "../ipvs/address";
import { AF_INET, AF_INET6 } from "../ipvs/constants";
import type { Address, Family } from "../ipvs/model";
import type { NameLookup } from "../names/lookup";
import { isDigits, parseNumber } from "./numbers";

interface Host {
  readonly family: Family;
  readonly address: Address;
}

/** An address, and a port where one was written. */
export interface Endpoint extends Host {
  readonly port: number | undefined;
}

/**
 * Reads HOST[:PORT] with ipvsadm's rules, and hands it to `use`: at once, or
 * where the host is a name, when it is found. IPv6 stands bare, without a
 * port, or in brackets, with one. Undefined where it cannot be read.
 */
export function withEndpoint(
  text: string,
  protocol: number,
  names: NameLookup,
  use: (endpoint: Endpoint | undefined) => void,
): void | Promise<void> {
  const bracketed = splitBrackets(text);
  if (bracketed === undefined) return use(undefined);
  const ipv6 = parseIpv6(bracketed.host);
  const colon = ipv6 === undefined ? bracketed.host.lastIndexOf(":") : -1;
  const host = colon < 0 ? bracketed.host : bracketed.host.slice(0, colon);
  // Brackets around anything else lose the port behind them, in ipvsadm too.
  const portText = ipv6 !== undefined ? bracketed.port : colon < 0 ? undefined : bracketed.host.slice(colon + 1);
  // A number alone is meant as a port, of no host.
  if (portText === undefined && isDigits(host)) return use(undefined);
  const port = portText === undefined ? undefined : (parseNumber(portText, 0, 65535) ?? names.servicePort(portText, protocol));
  if (portText !== undefined && port === undefined) return use(undefined);
  if (ipv6 !== undefined) return use({ family: AF_INET6, address: ipv6, port });
  const ipv4 = parseInetAton(host);
  if (ipv4 !== undefined) return use({ family: AF_INET, address: ipv4Address(ipv4), port });
  return names.hostAddress(host).then((found) => use(found && { ...found, port }));
}

/** The text without its brackets, and the port behind them; undefined where they are not "[...]:". */
function splitBrackets(text: string): { host: string; port: string | undefined } | undefined {
  if (text === "") return undefined;
  if (!text.startsWith("[")) return { host: text, port: undefined };
  const close = text.indexOf("]");
  if (close < 0 || text[close + 1] !== ":") return undefined;
  return { host: text.slice(1, close), port: text.slice(close + 2) };
}
