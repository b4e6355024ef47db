import { IPPROTO } from "../ipvs/constants";
import type { ConnectionEndpoint, ConnectionEntry } from "../ipvs/connections";
import type { Naming } from "./naming";

const PROTOCOLS: Readonly<Record<string, number>> = { TCP: IPPROTO.TCP, UDP: IPPROTO.UDP, SCTP: IPPROTO.SCTP };

export const connectionHeading = (engines: boolean): string =>
  "IPVS connection entries\n" +
  columns("pro", "expire", "state", "source", "virtual", "destination", engines ? ["pe name", "pe_data"] : undefined, 18);

/** `engines` shows what the persistence engine knows. */
export function connectionLine(entry: ConnectionEntry, engines: boolean, naming: Naming): string {
  const protocol = PROTOCOLS[entry.protocol] ?? 0;
  const name = ({ family, host, port }: ConnectionEndpoint): string => naming.place(family, host, port, protocol);
  const shown = engines && entry.engine !== "" ? ([entry.engine, entry.engineData] as const) : undefined;
  const { client, virtual, server } = entry;
  return columns(entry.protocol, minutes(entry.expires), entry.state, name(client), name(virtual), name(server), shown, 16);
}

function columns(
  protocol: string,
  expire: string,
  state: string,
  client: string,
  virtual: string,
  server: string,
  engine: readonly [string, string] | readonly string[] | undefined,
  serverWidth: number,
): string {
  const start = [protocol.padEnd(3), expire.padEnd(6), state.padEnd(11), client.padEnd(18), virtual.padEnd(18)];
  if (engine === undefined) return `${[...start, server].join(" ")}\n`;
  const [name = "", data = ""] = engine;
  return `${[...start, server.padEnd(serverWidth), name.padEnd(34 - serverWidth), data].join(" ")}\n`;
}

/** Seconds as minutes and seconds. */
const minutes = (seconds: number): string =>
  `${twoDigits(Math.trunc(seconds / 60))}:${twoDigits(seconds % 60)}`;

const twoDigits = (value: number): string => String(value).padStart(2, "0");
