/** The kernel's whole table, read so that decisions can depend on it. */
import { contents } from "../files/contents";
import type { IpvsClient } from "../ipvs/client";
import { countServices } from "../ipvs/count-services";
import { type ReadOptions, type TableEntry, TableReader } from "../ipvs/listing";
import type { ListedServer, ListedService } from "../ipvs/model";
import { serverId, serviceId, type Table } from "../ipvs/table";
import { each } from "../soon";
import { sameService } from "./plan";

/** How often a table that changes under the reading is read again. */
const ATTEMPTS = 10;
/** Between two attempts, in milliseconds: twice as long each time, up to the longest. */
const FIRST_PAUSE = 10;
const LONGEST_PAUSE = 320;

/** The progress is told after so many services: each time, the clock is read. */
const TOLD = 32;

const WHOLE: ReadOptions = { sorted: false, stats: "none", brief: false };

/** Two readings never agreed. */
export class TableChangedError extends Error {
  constructor() {
    super(`the table changed during each of ${ATTEMPTS} readings`);
  }
}

/** Takes a table, entry by entry; one for each attempt. */
export interface Gathering<T> {
  add(entry: TableEntry): void;
  /** Called once all entries are there. */
  result(): T | Promise<T>;
}

export interface Reading {
  readonly options: ReadOptions;
  /** The services in the order in which they are to be read, where that is another than the kernel's. */
  ordered?(services: readonly ListedService[]): readonly ListedService[];
  /** Whether no server may have changed meanwhile, either. */
  readonly withServers?: boolean;
}

/**
 * Reads the table until it stood still meanwhile. IPVS does not tell when its
 * table changed during a dump: an entry is then missing, or stands twice, and
 * from Linux 7 on even services that stay can be missing while their hash
 * table is made anew (ip_vs_svc_resize in ip_vs_ctl.c). So the services must
 * be the same before and after, none of them twice, and as many as the kernel
 * counts, where it does.
 *
 * `withServers`, /proc/net/ip_vs must be the same before and after, too; for
 * what is only written down, that would take longer than it is worth: a
 * service's servers come in one dump, or in few. Its lines say nothing by
 * their number: before Linux 7 it lacks services of a long table while other
 * network namespaces have services, for each read begins at a position that
 * counts theirs (ip_vs_info_seq_next), and skips as many of ours
 * (ip_vs_info_array).
 */
export async function readConsistently<T>(ipvs: IpvsClient, { options, ordered, withServers = false }: Reading, gather: () => Gathering<T>): Promise<T> {
  let pause = FIRST_PAUSE;
  for (let attempt = 1; ; attempt++) {
    const before = withServers ? procTable() : undefined;
    const services = await ipvs.services({ stats: "none" });
    const gathering = gather();
    const table = new TableReader(ipvs, ordered?.(services) ?? services, options);
    await each(() => table.next(), (entry) => gathering.add(entry));
    const result = await gathering.result();
    const stood =
      sameServices(services, await ipvs.services({ stats: "none" })) &&
      !hasTwice(services) &&
      (countServices() ?? services.length) === services.length &&
      (before === undefined || sameTable(before, procTable()));
    if (stood) return result;
    if (attempt === ATTEMPTS) throw new TableChangedError();
    await new Promise((resolve) => setTimeout(resolve, pause));
    pause = Math.min(2 * pause, LONGEST_PAUSE);
  }
}

/** The table as a whole, with timeouts and daemons. */
export const readConsistentTable = (ipvs: IpvsClient, progress: (services: number) => void): Promise<Table<ListedService, ListedServer>> =>
  readConsistently(ipvs, { options: WHOLE, withServers: true }, () => {
    const services = new Map();
    return {
      add: ({ service, servers }) => {
        services.set(serviceId(service), { service, servers: new Map(servers.map((server) => [serverId(server), server])) });
        if (services.size % TOLD === 0) progress(services.size);
      },
      result: async () => {
        const daemons = new Map((await ipvs.daemons()).map((daemon) => [daemon.role, daemon]));
        return { services, timeouts: await ipvs.timeouts(), daemons };
      },
    };
  });

/** The kernel lists what stays in an order that stays. */
const sameServices = (before: readonly ListedService[], after: readonly ListedService[]): boolean =>
  before.length === after.length &&
  before.every((service, index) => {
    const other = after[index];
    return other !== undefined && serviceId(service) === serviceId(other) && sameService(service, other);
  });

const hasTwice = (services: readonly ListedService[]): boolean => new Set(services.map(serviceId)).size < services.length;

/** Undefined without /proc. */
function procTable(): Buffer | undefined {
  try {
    const bytes = contents("/proc/net/ip_vs");
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  } catch {
    return undefined;
  }
}

const sameTable = (before: Buffer, after: Buffer | undefined): boolean => after !== undefined && (before.equals(after) || withoutCounts(before) === withoutCounts(after));

/** What traffic changes, at the end of a server's line: two numbers of ten digits (ip_vs_info_seq_show in ip_vs_ctl.c). */
const COUNTS = " 0123456789 0123456789".length;

const withoutCounts = (table: Buffer): string =>
  table
    .toString("latin1")
    .split("\n")
    .map((line) => (line.startsWith("  -> ") ? line.slice(0, -COUNTS) : line))
    .join("\n");
