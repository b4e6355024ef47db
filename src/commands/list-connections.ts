import { Failure, STATUS } from "../command-line/failure";
import type { Intent } from "../command-line/intent";
import { type ConnectionEntry, lines, parseConnection } from "../ipvs/connections";
import { connectionHeading, connectionLine } from "../views/connections";
import { namedNaming, type Naming, numericNaming } from "../views/naming";
import type { World } from "../world";

/** How many entries are held at once, so that memory stays flat whatever the table's size. */
const BATCH = 2_048;
/** How many names are remembered. */
const REMEMBERED = 100_000;
const FILE = "/proc/net/ip_vs_conn";

/** -L -c: the connections, as the kernel hands them out. */
export async function listConnections(
  { format, engines }: Extract<Intent, { kind: "list-connections" }>,
  world: World,
): Promise<number> {
  await world.ipvs();
  const naming = format.numeric ? async () => numericNaming : connectionNaming(world);
  let batch: ConnectionEntry[] = [];
  const flush = async (): Promise<void> => {
    const names = await naming(batch);
    world.out(batch.map((entry) => connectionLine(entry, engines, names)).join(""));
    batch = [];
  };
  let first = true;
  for (const line of lines(world.connectionTable())) {
    if (first) {
      world.out(connectionHeading(engines));
      first = false;
      continue;
    }
    batch.push(parseConnection(line) ?? unexpected());
    if (batch.length >= BATCH) await flush();
  }
  if (first) unexpected();
  await flush();
  return STATUS.OK;
}

/** No heading, or a line that the kernel would not write (of which 1.31 makes what it can). */
function unexpected(): never {
  throw new Failure(STATUS.NOT_LISTED, `unexpected input from ${FILE}`);
}

/** Names for one batch after the other: each host is asked for once, and all together for no longer than one list may take. */
function connectionNaming(world: World): (batch: readonly ConnectionEntry[]) => Promise<Naming> {
  const known = new Map<string, string>();
  const asked = new Set<string>();
  let deadline: number | undefined;
  return async (batch) => {
    const hosts = batch.flatMap(({ client, virtual, server }) => [client.host, virtual.host, server.host]);
    if (asked.size > REMEMBERED) {
      asked.clear();
      known.clear();
    }
    const missing = [...new Set(hosts)].filter((host) => !asked.has(host));
    deadline ??= Date.now() + world.names.patience;
    const found = await world.names.hostNames(missing, deadline - Date.now());
    for (const host of missing) asked.add(host);
    for (const [host, name] of found) known.set(host, name);
    return namedNaming(known, world.names.serviceName);
  };
}
