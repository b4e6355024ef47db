/** The table in the order of lists, one service with its servers after the other. */
import { andThen, type Soon } from "../soon";
import type { IpvsClient } from "./client";
import type { Counters, ListedServer, ListedService } from "./model";
import { compareServers, compareServices, mergeSort, sort } from "./order";
import { ProcTable } from "./proc-table";

/** A service with its servers, in the order in which they are written. */
export interface TableEntry {
  readonly service: ListedService;
  /** Used again for the next entry, and the servers too: who keeps them makes copies. */
  readonly servers: readonly ListedServer[];
}

export interface ReadOptions {
  /** As ipvsadm sorts; otherwise in the kernel's order. */
  readonly sorted: boolean;
  readonly stats: Counters;
  /** Servers without thresholds, tunnels and persistent connections: read far faster. */
  readonly brief: boolean;
}

/** The servers of how many services are asked for at a time. */
const PIECE = 32;

/** Hands out a table, entry by entry. */
export class TableReader {
  private readonly proc: ProcTable | undefined;
  /** Which service comes when, by its place in the kernel's order. */
  private readonly order: readonly number[];
  private at = 0;
  /** The servers of the next services that /proc lacks, one after the other. */
  private asked: ListedServer[][] = [];
  /** For sorting. */
  private readonly copy: ListedServer[] = [];

  constructor(
    private readonly ipvs: Pick<IpvsClient, "serversOf">,
    private readonly services: readonly ListedService[],
    private readonly options: ReadOptions,
    proc = ProcTable.of,
  ) {
    this.proc = options.brief && services.length > 1 ? proc(services) : undefined;
    const order: number[] = [];
    for (let index = 0; index < services.length; index++) order.push(index);
    this.order = options.sorted ? mergeSort(order, (a, b) => compareServices(services[a]!, services[b]!)) : order;
  }

  /** The next; undefined after the last. Throws NetlinkError. */
  next(): Soon<TableEntry | undefined> {
    if (this.at >= this.order.length) return undefined;
    const servers = this.proc?.servers(this.order[this.at]!) ?? this.asked.shift();
    return servers === undefined ? andThen(this.ask(), () => this.entry(this.asked.shift() ?? [])) : this.entry(servers);
  }

  private entry(servers: ListedServer[]): TableEntry {
    if (this.options.sorted) sort(servers, compareServers, this.copy);
    return { service: this.services[this.order[this.at++]!]!, servers };
  }

  /** For the servers of the next service, and of those soon behind it that /proc lacks. */
  private ask(): Soon<unknown> {
    const unknown: ListedService[] = [];
    for (let at = this.at; at < this.at + PIECE && at < this.order.length; at++) {
      const index = this.order[at]!;
      if (this.proc?.servers(index) === undefined) unknown.push(this.services[index]!);
    }
    return andThen(this.ipvs.serversOf(unknown, { stats: this.options.stats }), (found) => (this.asked = found));
  }
}
