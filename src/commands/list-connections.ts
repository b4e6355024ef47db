import { compileLightly } from "#compiler";
import { Failure, STATUS } from "../command-line/failure";
import type { Intent } from "../command-line/intent";
import { formatAddress } from "../ipvs/address";
import { ConnectionReader } from "../ipvs/connections";
import type { Address } from "../ipvs/model";
import { connectionHeading, writeConnection } from "../views/connections";
import { namedNaming, type Naming, numericNaming } from "../views/naming";
import { Page } from "../views/page";
import type { World } from "../world";

/** How many names are remembered. */
const REMEMBERED = 100_000;

/** -L -c: the connections, as the kernel hands them out. */
export async function listConnections(
  { format, engines }: Extract<Intent, { kind: "list-connections" }>,
  world: World,
): Promise<number> {
  await world.ipvs();
  const table = world.connectionTable();
  const reader = new ConnectionReader(table.read);
  const page = new Page(world.write);
  const namingOf = format.numeric ? () => numericNaming : connectionNaming(world);
  try {
    if (reader.nextBlock()) {
      page.text(connectionHeading(engines));
      do {
        const naming = await namingOf(reader);
        while (reader.next()) writeConnection(page, reader, engines, naming);
      } while (reader.nextBlock());
    }
  } finally {
    table.close();
  }
  page.flush();
  // Of such a line 1.31 makes what it can.
  if (reader.malformed) throw new Failure(STATUS.NOT_LISTED, `unexpected input from ${table.path}`);
  return STATUS.OK;
}

/** Names for one block after the other: each host is asked for once, and all together for no longer than one list may take. */
function connectionNaming(world: World): (reader: ConnectionReader) => Promise<Naming> {
  const known = new Map<string, string>();
  const asked = new Set<string>();
  let deadline: number | undefined;
  return async (reader) => {
    if (asked.size > REMEMBERED) {
      asked.clear();
      known.clear();
    }
    const missing: string[] = [];
    const ask = (address: Address): void => {
      const host = formatAddress(address);
      if (asked.has(host)) return;
      asked.add(host);
      missing.push(host);
    };
    while (reader.next()) {
      const { client, virtual, server } = reader.entry;
      ask(client.address);
      ask(virtual.address);
      ask(server.address);
    }
    reader.rewind();
    deadline ??= Date.now() + world.names.patience;
    const found = await world.names.hostNames(missing, deadline - Date.now());
    for (const [host, name] of found) known.set(host, name);
    return namedNaming(known, world.names.serviceName);
  };
}

compileLightly(listConnections);
