/** Writes a table, by numbers or by names. */
import { formatAddress } from "../ipvs/address";
import type { TableEntry } from "../ipvs/listing";
import type { World } from "../world";
import { namedNaming, type Naming, numericNaming } from "./naming";

/** How much text is gathered before it is written, in characters. */
const CHUNK = 16_384;

/**
 * Writes each entry of a table that comes in pieces as `line` has it. Numbers are written as they come; names
 * are all asked for at once, before the first is written.
 */
export async function writeTable(
  table: AsyncIterable<readonly TableEntry[]>,
  numeric: boolean,
  world: Pick<World, "out" | "names">,
  line: (entry: TableEntry, naming: Naming) => string,
  longestName?: number,
): Promise<void> {
  const [pieces, naming] = numeric ? [table, numericNaming] : await named(table, world, longestName);
  let text = "";
  for await (const piece of pieces) {
    for (const entry of piece) text += line(entry, naming);
    if (text.length < CHUNK) continue;
    world.out(text);
    text = "";
  }
  if (text !== "") world.out(text);
}

async function named(
  table: AsyncIterable<readonly TableEntry[]>,
  world: Pick<World, "names">,
  longestName?: number,
): Promise<[(readonly TableEntry[])[], Naming]> {
  const entries: TableEntry[] = [];
  for await (const piece of table) entries.push(...piece);
  const addresses = entries.flatMap(({ service, servers }) => [
    ...(service.mark === 0 ? [formatAddress(service.family, service.address)] : []),
    ...servers.map((server) => formatAddress(server.family, server.address)),
  ]);
  const hosts = await world.names.hostNames(addresses, world.names.patience);
  return [[entries], namedNaming(hosts, world.names.serviceName, longestName)];
}
