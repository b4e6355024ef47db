/**
 * The servers of all services at one go: /proc/net/ip_vs (ip_vs_ctl.c). It
 * costs a hundredth of a dump for each service, but lacks thresholds, tunnels
 * and counters; and a mark's family, so that marks cannot be looked up in it.
 */
import { readFileSync } from "node:fs";
import { ipv4Address, parseIpv6 } from "./address";
import { AF_INET, AF_INET6, FWD, IPPROTO_SCTP, IPPROTO_TCP, IPPROTO_UDP } from "./constants";
import type { ListedServer, ServiceKey } from "./model";

const PROTOCOLS: Readonly<Record<number, string>> = { [IPPROTO_TCP]: "TCP", [IPPROTO_UDP]: "UDP", [IPPROTO_SCTP]: "SCTP" };
const FORWARDING: Readonly<Record<string, number>> = {
  Masq: FWD.MASQ,
  Local: FWD.LOCALNODE,
  Tunnel: FWD.TUNNEL,
  Route: FWD.DROUTE,
};
const SERVER = /^ {2}-> (\S+):([0-9A-F]{4}) +(\S+) +(-?[0-9]+) +([0-9]+) +([0-9]+) *$/;
const IPV4 = /^[0-9A-F]{8}$/;

export class ProcTable {
  readonly #servers = new Map<string, string[]>();

  constructor(text: string) {
    let servers: string[] = [];
    for (const line of text.split("\n")) {
      if (line.startsWith("  ->")) {
        servers.push(line);
        continue;
      }
      servers = [];
      const [protocol, address] = line.split(/ +/, 2);
      this.#servers.set(`${protocol} ${address}`, servers);
    }
  }

  /** Undefined where /proc cannot be read. */
  static read(): ProcTable | undefined {
    try {
      return new ProcTable(readFileSync("/proc/net/ip_vs", "latin1"));
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

function parseServer(line: string): ListedServer | undefined {
  const [, host = "", port = "", name = "", weight, active, inactive] = SERVER.exec(line) ?? [];
  const forwarding = FORWARDING[name];
  const ipv4 = IPV4.test(host);
  const address = ipv4 ? ipv4Address(Number.parseInt(host, 16)) : parseIpv6(host.replace(/^\[(.*)\]$/, "$1"));
  if (forwarding === undefined || address === undefined) return undefined;
  return {
    family: ipv4 ? AF_INET : AF_INET6,
    address,
    port: Number.parseInt(port, 16),
    forwarding,
    weight: Number(weight),
    active: Number(active),
    inactive: Number(inactive),
    upper: 0,
    lower: 0,
    persistent: 0,
    tunnelType: 0,
    tunnelPort: 0,
    tunnelFlags: 0,
  };
}
