/** The kernel's whole table, read so that decisions can depend on it. */
import { CODE } from "../character-codes";
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
}

/**
 * Reads the table until it stood still meanwhile. IPVS does not tell when its
 * table changed during a dump: an entry is then missing, or stands twice, and
 * from Linux 7 on even services that stay can be missing while their hash
 * table is made anew (ip_vs_svc_resize in ip_vs_ctl.c). So what /proc has must
 * be the same before and after, and the entries, by netlink, must be as many;
 * and the services as many as the kernel counts, where it does.
 *
 * Before Linux 7, /proc lacks services of a long table while other namespaces
 * have services too: each read begins at a position that counts theirs
 * (ip_vs_info_seq_next), and skips as many of ours (ip_vs_info_array). So where
 * /proc has less than netlink, the services must be the same by netlink twice.
 * What it has more, netlink lacked.
 */
export async function readConsistently<T>(ipvs: IpvsClient, { options, ordered }: Reading, gather: () => Gathering<T>): Promise<T> {
  let pause = FIRST_PAUSE;
  for (let attempt = 1; ; attempt++) {
    const before = procTable();
    const services = await ipvs.services({ stats: "none" });
    const gathering = gather();
    const table = new TableReader(ipvs, ordered?.(services) ?? services, options);
    let lines = 0;
    await each(() => table.next(), (entry) => {
      lines += 1 + entry.servers.length;
      gathering.add(entry);
    });
    const result = await gathering.result();
    const after = procTable();
    const listed = after === undefined ? 0 : entryLines(after);
    const stood =
      (before === undefined || after === undefined || sameTable(before, after)) &&
      (listed === lines || (listed < lines && sameServices(services, await ipvs.services({ stats: "none" }))));
    if (stood && (countServices() ?? services.length) === services.length && !hasTwice(services)) return result;
    if (attempt === ATTEMPTS) throw new TableChangedError();
    await new Promise((resolve) => setTimeout(resolve, pause));
    pause = Math.min(2 * pause, LONGEST_PAUSE);
  }
}

/** The table as a whole, with timeouts and daemons. */
export const readConsistentTable = (ipvs: IpvsClient, progress: (services: number) => void): Promise<Table<ListedService, ListedServer>> =>
  readConsistently(ipvs, { options: WHOLE }, () => {
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

/** The lines above the services. */
const HEADINGS = 3;

/** A line for each service, and for each of its servers. */
function entryLines(table: Buffer): number {
  let lines = -HEADINGS;
  for (let at = table.indexOf(CODE.NEWLINE); at >= 0; at = table.indexOf(CODE.NEWLINE, at + 1)) lines++;
  return lines;
}

const sameTable = (before: Buffer, after: Buffer): boolean => before.equals(after) || withoutCounts(before) === withoutCounts(after);

/** What traffic changes, at the end of a server's line: two numbers of ten digits (ip_vs_info_seq_show in ip_vs_ctl.c). */
const COUNTS = " 0123456789 0123456789".length;

const withoutCounts = (table: Buffer): string =>
  table
    .toString("latin1")
    .split("\n")
    .map((line) => (line.startsWith("  -> ") ? line.slice(0, -COUNTS) : line))
    .join("\n");
