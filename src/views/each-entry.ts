/** Goes through a table, by numbers or by names. */
import { formatAddress } from "../ipvs/address";
import type { TableEntry } from "../ipvs/listing";
import { each, type Soon } from "../soon";
import type { World } from "../world";
import { namedNaming, type Naming, numericNaming } from "./naming";

/** A table that comes entry by entry, each for as long as until the next; undefined after the last. */
export interface Entries {
  next(): Soon<TableEntry | undefined>;
}

/** Numbers are used as they come; names are all asked for at once, before the first is used. */
export const eachEntry = (
  table: Entries,
  numeric: boolean,
  names: World["names"],
  use: (entry: TableEntry, naming: Naming) => void,
  longestName?: number,
): Soon<void> => (numeric ? each(() => table.next(), (entry) => use(entry, numericNaming)) : eachNamed(table, names, use, longestName));

async function eachNamed(
  table: Entries,
  names: World["names"],
  use: (entry: TableEntry, naming: Naming) => void,
  longestName?: number,
): Promise<void> {
  const entries: TableEntry[] = [];
  await each(() => table.next(), ({ service, servers }) => void entries.push({ service, servers: servers.map((server) => ({ ...server })) }));
  const addresses = entries.flatMap(({ service, servers }) => [
    ...(service.mark === 0 ? [formatAddress(service.address)] : []),
    ...servers.map((server) => formatAddress(server.address)),
  ]);
  const naming = namedNaming(await names.hostNames(addresses, names.patience), names.serviceName, longestName);
  for (const entry of entries) use(entry, naming);
}
