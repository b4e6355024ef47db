/** The kernel's whole table, read so that decisions may hang on it. */
import { readFileSync } from "node:fs";
import type { IpvsClient } from "../ipvs/client";
import { sameService } from "./plan";
import { type ReadOptions, TableReader } from "../ipvs/listing";
import type { ListedServer, ListedService } from "../ipvs/model";
import { serverId, serviceId, type Table } from "../ipvs/table";
import { each } from "../soon";

/** How often a table that changes under the reading is read again. */
const ATTEMPTS = 10;

/** The progress is told after so many services: each time, the clock is read. */
const TOLD = 32;

const WHOLE: ReadOptions = { sorted: false, stats: "none", brief: false };

/** Two readings never agreed. */
export class RestlessTable extends Error {
  constructor() {
    super(`the table changed during each of ${ATTEMPTS} readings`);
  }
}

/**
 * IPVS does not tell when its table changed during a dump, and an entry may
 * then be missing or stand twice. So the table is read between two looks at
 * what is quick to see as a whole, until both show the same: the services by
 * netlink, and all as /proc has them.
 */
export async function readSettledTable(ipvs: IpvsClient, progress: (services: number) => void): Promise<Table<ListedService, ListedServer>> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const before = procTable();
    const services = await ipvs.services({ stats: "none" });
    const table = await readServers(ipvs, services, progress);
    if (sameServices(services, await ipvs.services({ stats: "none" })) && before === procTable()) return table;
  }
  throw new RestlessTable();
}

async function readServers(
  ipvs: IpvsClient,
  listed: readonly ListedService[],
  progress: (services: number) => void,
): Promise<Table<ListedService, ListedServer>> {
  const services = new Map();
  const table = new TableReader(ipvs, listed, WHOLE);
  await each(() => table.next(), ({ service, servers }) => {
    services.set(serviceId(service), { service, servers: new Map(servers.map((server) => [serverId(server), server])) });
    if (services.size % TOLD === 0) progress(services.size);
  });
  const daemons = new Map((await ipvs.daemons()).map((daemon) => [daemon.role, daemon]));
  return { services, timeouts: await ipvs.timeouts(), daemons };
}

/** The kernel lists what stays in an order that stays. */
const sameServices = (before: readonly ListedService[], after: readonly ListedService[]): boolean =>
  before.length === after.length &&
  before.every((service, index) => {
    const other = after[index];
    return other !== undefined && serviceId(service) === serviceId(other) && sameService(service, other);
  });

/** What traffic changes, at the end of a server's line: two numbers of ten digits (ip_vs_info_seq_show in ip_vs_ctl.c). */
const COUNTS = " 0123456789 0123456789".length;

function procTable(): string {
  try {
    return readFileSync("/proc/net/ip_vs", "latin1")
      .split("\n")
      .map((line) => (line.startsWith("  -> ") ? line.slice(0, -COUNTS) : line))
      .join("\n");
  } catch {
    // Without /proc, the services alone must do.
    return "";
  }
}
