/** The cases in ipvsadm's words, as the lines that `ipvsadm -R` reads. */
import { SERVERS } from "./addresses";
import type { Located, Placed } from "./cases";
import type { ServerSettings } from "./service";

const withPort = (address: string, port: number): string => (address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`);

/** The mark of a service for many sites is its port's number. */
export const serviceWords = ({ port, sites, family }: Located): readonly [option: string, value: string] =>
  sites ? ["-f", String(port)] : ["-t", withPort(family.vip, port)];

export const serversOf = ({ weights, family }: Located): readonly ServerSettings[] =>
  SERVERS.map((name, index) => ({ name, address: family.servers[index] ?? "", port: 80, weight: weights[index] ?? 0 }));

/** A rule for each of them: to add it, or to edit it. */
export const serverRules = (located: Located, command: "-a" | "-e", servers: readonly ServerSettings[]): readonly string[] =>
  servers.map(({ address, port, weight }) =>
    [command, ...serviceWords(located), "-r", withPort(address, port), "-m", "-w", weight].join(" "),
  );

export const rulesOf = (placed: Placed): readonly string[] => [
  ["-A", ...serviceWords(placed), "-s", placed.scheduler, ...(placed.flags === undefined ? [] : ["-b", placed.flags.join(",")])].join(" "),
  ...serverRules(placed, "-a", serversOf(placed)),
];

export const quiescingRules = (located: Located, name: string): readonly string[] =>
  serverRules(located, "-e", serversOf(located).flatMap((server) => (server.name === name ? [{ ...server, weight: 0 }] : [])));
