import { STATUS } from "../command-line/failure";
import { type Format, type Intent, PLAIN } from "../command-line/intent";
import { formatAddress } from "../ipvs/address";
import type { IpvsClient } from "../ipvs/client";
import type { ListedServer, ListedService } from "../ipvs/model";
import { ERRNO, NetlinkError } from "../netlink/errors";
import { namedNaming, type Naming, numericNaming } from "../views/naming";
import { compareServers, compareServices, mergeSort } from "../views/order";
import { heading, serverLine, serviceLine, versionLine } from "../views/table";
import type { World } from "../world";
import { kernelMessage } from "./kernel-message";

/** A service with its servers, in the order in which they are written. */
export interface TableEntry {
  readonly service: ListedService;
  readonly servers: readonly ListedServer[];
}

/** -L: the whole table, or one service. */
export async function listServices(intent: Extract<Intent, { kind: "list-services" }>, world: World): Promise<number> {
  const { service, format } = intent;
  const ipvs = await world.ipvs();
  const stats = format.columns === "stats" || format.columns === "rate";
  if (service === undefined) {
    world.out(versionLine(await ipvs.info()) + heading(format.columns));
    await writeTable(readTable(ipvs, await ipvs.services({ stats }), format.sorted, stats), format, world);
    return STATUS.OK;
  }
  try {
    const found = await ipvs.service(service, { stats });
    world.out(heading(format.columns));
    await writeTable(readTable(ipvs, [found], format.sorted, stats), format, world);
    return STATUS.OK;
  } catch (error) {
    if (!(error instanceof NetlinkError) || error.errno !== ERRNO.ESRCH) throw error;
    world.error(`${kernelMessage("list-service", error.errno)}\n`);
    return STATUS.NOT_LISTED;
  }
}

/** The call without a word: the whole table, by name. */
export const listAll = (world: World): Promise<number> => listServices({ kind: "list-services", format: PLAIN }, world);

/** The servers of services, one dump a service. */
export async function* readTable(
  ipvs: IpvsClient,
  services: readonly ListedService[],
  sorted: boolean,
  stats: boolean,
): AsyncGenerator<TableEntry> {
  for (const service of sorted ? mergeSort(services, compareServices) : services) {
    const servers = await ipvs.servers(service, { stats });
    yield { service, servers: sorted ? mergeSort(servers, compareServers) : servers };
  }
}

async function writeTable(table: AsyncIterable<TableEntry>, format: Format, world: World): Promise<void> {
  await write(table, format.numeric, world, ({ service, servers }, naming) =>
    [
      serviceLine(service, format, naming),
      ...servers.map((server) => serverLine(service, server, format, naming)),
    ].join(""),
  );
}

/** How much text is gathered before it is written, in characters. */
const CHUNK = 65_536;

/**
 * Writes a table as `line` has each entry. Numbers are written as they come;
 * names are all asked for at once, before the first is written.
 */
export async function write(
  table: AsyncIterable<TableEntry>,
  numeric: boolean,
  world: World,
  line: (entry: TableEntry, naming: Naming) => string,
): Promise<void> {
  const [entries, naming] = numeric ? [table, numericNaming] : await named(table, world);
  let text = "";
  for await (const entry of entries) {
    text += line(entry, naming);
    if (text.length < CHUNK) continue;
    world.out(text);
    text = "";
  }
  world.out(text);
}

async function named(table: AsyncIterable<TableEntry>, world: World): Promise<[TableEntry[], Naming]> {
  const entries: TableEntry[] = [];
  for await (const entry of table) entries.push(entry);
  const addresses = entries.flatMap(({ service, servers }) => [
    ...(service.mark === 0 ? [formatAddress(service.family, service.address)] : []),
    ...servers.map((server) => formatAddress(server.family, server.address)),
  ]);
  return [entries, namedNaming(await world.names.hostNames(addresses, world.names.patience), world.names.serviceName)];
}
