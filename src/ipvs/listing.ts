/** The table in the order of lists, a service with its servers at a time. */
import type { IpvsClient } from "./client";
import type { ListedServer, ListedService } from "./model";
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
  readonly stats: boolean;
  /** Servers without thresholds, tunnels and persistent connections: read far faster. */
  readonly brief: boolean;
}

export async function* readTable(
  ipvs: IpvsClient,
  services: readonly ListedService[],
  { sorted, stats, brief }: ReadOptions,
): AsyncGenerator<TableEntry> {
  const proc = brief && services.length > 1 ? ProcTable.read() : undefined;
  for (const service of sorted ? mergeSort(services, compareServices) : services) {
    const servers = proc?.servers(service) ?? (await ipvs.servers(service, { stats }));
    yield { service, servers: sorted ? mergeSort(servers, compareServers) : servers };
  }
}
