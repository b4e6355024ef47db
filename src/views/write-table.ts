/** Writes a table, by numbers or by names. */
import { formatAddress } from "../ipvs/address";
import type { TableEntry } from "../ipvs/listing";
import { andThen, each, type Soon } from "../soon";
import type { World } from "../world";
import { namedNaming, type Naming, numericNaming } from "./naming";

/** How much text is gathered before it is written, in characters. */
const CHUNK = 16_384;

/** A table that comes in pieces; undefined after the last. */
export interface Entries {
  next(): Soon<readonly TableEntry[] | undefined>;
}

/**
 * Writes each entry of a table as `line` has it. Numbers are written as they
 * come; names are all asked for at once, before the first is written.
 */
export function writeTable(
  table: Entries,
  numeric: boolean,
  world: Pick<World, "out" | "names">,
  line: (entry: TableEntry, naming: Naming) => string,
  longestName?: number,
): Soon<void> {
  let text = "";
  const write = (entries: readonly TableEntry[], naming: Naming): void => {
    for (const entry of entries) text += line(entry, naming);
    if (text.length >= CHUNK) flush();
  };
  const flush = (): void => {
    if (text !== "") world.out(text);
    text = "";
  };
  const written = numeric
    ? each(() => table.next(), (piece) => write(piece, numericNaming))
    : named(table, world, longestName).then(([entries, naming]) => write(entries, naming));
  return andThen(written, flush);
}

async function named(table: Entries, world: Pick<World, "names">, longestName?: number): Promise<[readonly TableEntry[], Naming]> {
  const entries: TableEntry[] = [];
  await each(() => table.next(), (piece) => void entries.push(...piece));
  const addresses = entries.flatMap(({ service, servers }) => [
    ...(service.mark === 0 ? [formatAddress(service.family, service.address)] : []),
    ...servers.map((server) => formatAddress(server.family, server.address)),
  ]);
  const hosts = await world.names.hostNames(addresses, world.names.patience);
  return [entries, namedNaming(hosts, world.names.serviceName, longestName)];
}
