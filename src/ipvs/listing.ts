/** The table in the order of lists, some services with their servers at a time. */
import { andThen, type Soon } from "../soon";
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

/** Hands out a table, piece by piece. */
export class TableReader {
  private readonly services: readonly ListedService[];
  private readonly proc: ProcTable | undefined;
  private at = 0;

  constructor(
    private readonly ipvs: IpvsClient,
    services: readonly ListedService[],
    private readonly options: ReadOptions,
  ) {
    this.proc = options.brief && services.length > 1 ? ProcTable.read(services.length) : undefined;
    this.services = options.sorted ? mergeSort(services, compareServices) : services;
  }

  /** The next piece; undefined after the last. Throws NetlinkError. */
  next(): Soon<readonly TableEntry[] | undefined> {
    if (this.at >= this.services.length) return undefined;
    const piece = this.services.slice(this.at, this.at + PIECE);
    this.at += PIECE;
    const known: (readonly ListedServer[] | undefined)[] = [];
    const unknown: ListedService[] = [];
    for (const service of piece) {
      const servers = this.proc?.servers(service);
      known.push(servers);
      if (servers === undefined) unknown.push(service);
    }
    if (unknown.length === 0) return this.entries(piece, known, []);
    return andThen(this.ipvs.serversOf(unknown, { stats: this.options.stats }), (asked) => this.entries(piece, known, asked));
  }

  private entries(
    services: readonly ListedService[],
    known: readonly (readonly ListedServer[] | undefined)[],
    asked: readonly (readonly ListedServer[])[],
  ): readonly TableEntry[] {
    const entries: TableEntry[] = [];
    let next = 0;
    for (const service of services) {
      const servers = known[entries.length] ?? asked[next++] ?? [];
      entries.push({ service, servers: this.options.sorted ? mergeSort(servers, compareServers) : servers });
    }
    return entries;
  }
}
