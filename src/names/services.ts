import { contents } from "../files/contents";
import { IPPROTO } from "../ipvs/constants";
import { textOf } from "../netlink/text";

/** The services database, /etc/services: names and ports by protocol. */
export interface ServiceNames {
  port(name: string, protocol: number): number | undefined;
  name(port: number, protocol: number): string | undefined;
}

/** As the database calls it. */
function protocolName(protocol: number): string | undefined {
  switch (protocol) {
    case IPPROTO.TCP: return "tcp";
    case IPPROTO.UDP: return "udp";
    case IPPROTO.SCTP: return "sctp";
    default: return undefined;
  }
}

/** Reads the database at the first question; without the file, nothing has a name. */
export function serviceNames(path = "/etc/services"): ServiceNames {
  let tables: { ports: Map<string, number>; names: Map<string, string> } | undefined;
  const load = () => (tables ??= parseServices(readOrEmpty(path)));
  return {
    port: (name, protocol) => load().ports.get(`${protocolName(protocol)}/${name}`),
    name: (port, protocol) => load().names.get(`${protocolName(protocol)}/${port}`),
  };
}

function readOrEmpty(path: string): string {
  try {
    return textOf(contents(path));
  } catch {
    return "";
  }
}

/** Lines of "name  port/protocol  aliases", with comments from "#" on. The first that names a port or a service has it. */
function parseServices(text: string): { ports: Map<string, number>; names: Map<string, string> } {
  const ports = new Map<string, number>();
  const names = new Map<string, string>();
  const format = /^[ \t]*(\S+)[ \t]+([0-9]{1,5})\/(\S+)[ \t]*(.*)$/;
  for (const line of text.split("\n")) {
    const [, name, port, protocol, aliases] = format.exec(line.split("#", 1)[0] ?? "") ?? [];
    if (name === undefined || Number(port) > 65535) continue;
    const byPort = `${protocol}/${port}`;
    if (!names.has(byPort)) names.set(byPort, name);
    for (const word of [name, ...(aliases ?? "").split(/[ \t]+/)]) {
      const byName = `${protocol}/${word}`;
      if (word !== "" && !ports.has(byName)) ports.set(byName, Number(port));
    }
  }
  return { ports, names };
}
