/**
 * The servers of all services at one go: /proc/net/ip_vs (ip_vs_ctl.c). It
 * costs a hundredth of a dump for each service, but lacks thresholds, tunnels
 * and counters; and a mark's family, so that marks cannot be looked up in it.
 */
import { files } from "#files";
import { ipv4Address, parseIpv6 } from "./address";
import { AF_INET, AF_INET6, FWD, IPPROTO_SCTP, IPPROTO_TCP, IPPROTO_UDP } from "./constants";
import type { Address, ListedServer, ServiceKey } from "./model";

const PROTOCOLS: Readonly<Record<number, string>> = { [IPPROTO_TCP]: "TCP", [IPPROTO_UDP]: "UDP", [IPPROTO_SCTP]: "SCTP" };
const FORWARDING: Readonly<Record<string, number>> = {
  Masq: FWD.MASQ,
  Local: FWD.LOCALNODE,
  Tunnel: FWD.TUNNEL,
  Route: FWD.DROUTE,
};
const ARROW = "  -> ";

export class ProcTable {
  readonly #servers = new Map<string, string[]>();

  constructor(text: string) {
    let servers: string[] = [];
    for (const line of text.split("\n")) {
      if (line.startsWith(ARROW)) {
        servers.push(line);
        continue;
      }
      servers = [];
      const [protocol, address] = fieldsOf(line);
      this.#servers.set(`${protocol} ${address}`, servers);
    }
  }

  /** Undefined where /proc cannot be read. */
  static read(): ProcTable | undefined {
    try {
      return new ProcTable(files.text("/proc/net/ip_vs"));
    } catch {
      return undefined;
    }
  }

  /** Undefined where netlink must be asked. */
  servers(service: ServiceKey): ListedServer[] | undefined {
    if (service.mark !== 0) return undefined;
    const servers = this.#servers.get(`${PROTOCOLS[service.protocol]} ${endpoint(service)}`)?.map(parseServer);
    return servers?.every((server) => server !== undefined) ? servers : undefined;
  }
}

function endpoint({ family, address, port }: ServiceKey): string {
  const hexPort = port.toString(16).toUpperCase().padStart(4, "0");
  if (family === AF_INET) return `${address.toString("hex", 0, 4).toUpperCase()}:${hexPort}`;
  return `[${address.toString("hex").match(/.{4}/g)?.join(":")}]:${hexPort}`;
}

/** Not by a regular expression or split(" "): compiling the one takes longer than a short list, and the columns are mostly blanks. */
function fieldsOf(line: string): string[] {
  const fields: string[] = [];
  for (let start = 0; start < line.length; ) {
    if (line[start] === " ") {
      start++;
      continue;
    }
    const blank = line.indexOf(" ", start);
    const end = blank === -1 ? line.length : blank;
    fields.push(line.slice(start, end));
    start = end;
  }
  return fields;
}

function parseServer(line: string): ListedServer | undefined {
  const [place = "", name = "", ...numbers] = fieldsOf(line.slice(ARROW.length));
  const [weight, active, inactive, ...more] = numbers.map(Number);
  const colon = place.lastIndexOf(":");
  const host = place.slice(0, colon);
  const port = Number(`0x${place.slice(colon + 1)}`);
  const forwarding = FORWARDING[name];
  const ipv6 = host.startsWith("[");
  const address = ipv6 ? parseIpv6(host.slice(1, -1)) : hexAddress(host);
  if (forwarding === undefined || address === undefined || more.length > 0) return undefined;
  if (![port, weight, active, inactive].every(Number.isInteger)) return undefined;
  return {
    family: ipv6 ? AF_INET6 : AF_INET,
    address,
    port,
    forwarding,
    weight: weight ?? 0,
    active: active ?? 0,
    inactive: inactive ?? 0,
    upper: 0,
    lower: 0,
    persistent: 0,
    tunnelType: 0,
    tunnelPort: 0,
    tunnelFlags: 0,
  };
}

function hexAddress(text: string): Address | undefined {
  const value = Number(`0x${text}`);
  return text.length === 8 && Number.isInteger(value) ? ipv4Address(value) : undefined;
}
