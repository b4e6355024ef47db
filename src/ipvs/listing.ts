/** The table in the order of lists, one service with its servers after the other. */
import { andThen, type Soon } from "../soon";
import type { IpvsClient } from "./client";
import type { Counters, ListedServer, ListedService } from "./model";
import { compareServers, compareServices, mergeSort, sort } from "./order";
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

/** The servers of how many services are asked for at a time. */
const PIECE = 32;

/** Hands out a table, entry by entry. */
export class TableReader {
  private readonly proc: ProcTable | undefined;
  /** Which service comes when, by its place in the kernel's order. */
  private readonly order: readonly number[];
  private at = 0;
  /** The servers of services that were asked for, from one on; undefined where there was no need. */
  private asked: (ListedServer[] | undefined)[] = [];
  private askedFrom = 0;
  /** For sorting. */
  private readonly copy: ListedServer[] = [];

  constructor(
    private readonly ipvs: IpvsClient,
    private readonly services: readonly ListedService[],
    private readonly options: ReadOptions,
  ) {
    this.proc = options.brief && services.length > 1 ? ProcTable.of(services) : undefined;
    const order: number[] = [];
    for (let index = 0; index < services.length; index++) order.push(index);
    this.order = options.sorted ? mergeSort(order, (a, b) => compareServices(services[a]!, services[b]!)) : order;
  }

  /** The next entry, whose servers are those of the one after it when that is there; undefined after the last. Throws NetlinkError. */
  next(): Soon<TableEntry | undefined> {
    if (this.at >= this.order.length) return undefined;
    const servers = this.proc?.servers(this.order[this.at]!) ?? this.asked[this.at - this.askedFrom];
    return servers === undefined ? andThen(this.ask(), (asked) => this.entry(asked[0] ?? [])) : this.entry(servers);
  }

  private entry(servers: ListedServer[]): TableEntry {
    if (this.options.sorted) sort(servers, compareServers, this.copy);
    return { service: this.services[this.order[this.at++]!]!, servers };
  }

  /** For the servers of the next service, and of those behind it that have to be asked for. */
  private ask(): Soon<(ListedServer[] | undefined)[]> {
    const places: number[] = [];
    const unknown: ListedService[] = [];
    for (let at = this.at; at < this.at + PIECE && at < this.order.length; at++) {
      const index = this.order[at]!;
      if (at > this.at && this.proc?.has(index) === true) continue;
      places.push(at - this.at);
      unknown.push(this.services[index]!);
    }
    return andThen(this.ipvs.serversOf(unknown, { stats: this.options.stats }), (found) => {
      this.asked = [];
      this.askedFrom = this.at;
      for (let next = 0; next < found.length; next++) this.asked[places[next]!] = found[next];
      return this.asked;
    });
  }
}
