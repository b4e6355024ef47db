/** Who is who in the cluster that all schedulers are tried in, in both families. */

export const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index));

/** What everybody's address is, in one family or the other. */
export interface Family {
  readonly vip: string;
  readonly director: string;
  readonly gateway: string;
  readonly clients: readonly string[];
  readonly servers: readonly string[];
  readonly prefix: number;
}

export const SERVERS = ["real-1", "real-2", "real-3", "real-4"];
export const IPV4: Family = {
  vip: "192.168.0.38",
  director: "192.168.0.8",
  gateway: "10.0.0.8",
  clients: times(32, (index) => `192.168.0.${100 + index}`),
  servers: SERVERS.map((_, index) => `10.0.0.${index + 1}`),
  prefix: 24,
};
export const IPV6: Family = {
  vip: "2001:db8::38",
  director: "2001:db8::8",
  gateway: "2001:db8:1::8",
  clients: times(32, (index) => `2001:db8::c${index.toString(16)}`),
  servers: SERVERS.map((_, index) => `2001:db8:1::${index + 1}`),
  prefix: 64,
};

/** A whole network of addresses that are asked through the director, as those of the Web are through a cache. */
export const SITES = { network: "192.168.1.0/24", address: (host: number) => `192.168.1.${host}` };
