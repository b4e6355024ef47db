/** The table in the order of lists, some services with their servers at a time. */
import type { IpvsClient } from "./client";
import type { Counters, ListedServer, ListedService } from "./model";
import { compareServers, compareServices, mergeSort } from "./order";
import { ProcTable } from "./proc-table";

/** A service with its servers, in the order in which they are written. */
export interface TableEntry {
  readonly service: ListedService;
  readonly servers: readonly ListedServer[];
}

export interface ReadOptions {
  /** As ipvsadm sorts; otherwise in the kernel's order. */
  readonly sorted: boolean;
  readonly stats: Counters;
  /** Servers without thresholds, tunnels and persistent connections: read far faster. */
  readonly brief: boolean;
}

/** How many services are read at a time. */
const PIECE = 32;

export async function* readTable(
  ipvs: IpvsClient,
  services: readonly ListedService[],
  { sorted, stats, brief }: ReadOptions,
): AsyncGenerator<readonly TableEntry[]> {
  const proc = brief && services.length > 1 ? ProcTable.read(services.length) : undefined;
  const ordered = sorted ? mergeSort(services, compareServices) : services;
  for (let at = 0; at < ordered.length; at += PIECE) {
    const piece = ordered.slice(at, at + PIECE);
    const known: (readonly ListedServer[] | undefined)[] = [];
    const unknown: ListedService[] = [];
    for (const service of piece) {
      const servers = proc?.servers(service);
      known.push(servers);
      if (servers === undefined) unknown.push(service);
    }
    const asked = await ipvs.serversOf(unknown, { stats });
    const entries: TableEntry[] = [];
    let next = 0;
    for (const service of piece) {
      const servers = known[entries.length] ?? asked[next++] ?? [];
      entries.push({ service, servers: sorted ? mergeSort(servers, compareServers) : servers });
    }
    yield entries;
  }
}
