import type { Address, Family } from "../ipvs/model";

/** What the command line asks of the resolver and of the services database. */
export interface NameLookup {
  /** A host's address, IPv4 before IPv6, or undefined. */
  hostAddress(name: string): Promise<{ family: Family; address: Address } | undefined>;
  /** A service's port for a protocol (an IPPROTO_* number), or undefined. */
  servicePort(name: string, protocol: number): number | undefined;
}
