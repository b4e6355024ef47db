/** The kernel's whole table, read so that decisions may hang on it. */
import { readFileSync } from "node:fs";
import type { IpvsClient } from "../ipvs/client";
import { type ReadOptions, readTable } from "../ipvs/listing";
import type { ListedServer, ListedService } from "../ipvs/model";
import { serverId, serviceId, type Table } from "../ipvs/table";

/** How often a table that changes under the reading is read again. */
const ATTEMPTS = 10;

const WHOLE: ReadOptions = { sorted: false, stats: false, brief: false };

/** Two readings never agreed. */
export class RestlessTable extends Error {
  constructor() {
    super(`the table changed during each of ${ATTEMPTS} readings`);
  }
}

/**
 * IPVS does not tell when its table changed during a dump, and an entry may
 * then be missing or stand twice. So the table is read between two looks at
 * what is quick to see as a whole, until both show the same.
 */
export async function readSettledTable(ipvs: IpvsClient, progress: (services: number) => void): Promise<Table<ListedService, ListedServer>> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const before = await fingerprint(ipvs);
    const table = await readWholeTable(ipvs, progress);
    if (before === (await fingerprint(ipvs))) return table;
  }
  throw new RestlessTable();
}

export async function readWholeTable(ipvs: IpvsClient, progress: (services: number) => void): Promise<Table<ListedService, ListedServer>> {
  const services = new Map();
  for await (const entries of readTable(ipvs, await ipvs.services({ stats: false }), WHOLE)) {
    for (const { service, servers } of entries) {
      services.set(serviceId(service), { service, servers: new Map(servers.map((server) => [serverId(server), server])) });
    }
    progress(services.size);
  }
  const daemons = new Map((await ipvs.daemons()).map((daemon) => [daemon.role, daemon]));
  return { services, timeouts: await ipvs.timeouts(), daemons };
}

/** Services by netlink, and their servers as /proc has them, without what traffic changes. */
async function fingerprint(ipvs: IpvsClient): Promise<string> {
  const services = await ipvs.services({ stats: false });
  return [serversInProc(), ...services.map((service) => `${serviceId(service)} ${JSON.stringify(service)}`)].join("\n");
}

function serversInProc(): string {
  try {
    return readFileSync("/proc/net/ip_vs", "latin1").replace(/ +[0-9]+ +[0-9]+ *$/gm, "");
  } catch {
    // Without /proc, the services alone must do.
    return "";
  }
}
