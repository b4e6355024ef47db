import { STATUS } from "../command-line/failure";
import type { Format, Intent } from "../command-line/intent";
import type { IpvsClient } from "../ipvs/client";
import { readTable } from "../ipvs/listing";
import type { Counters, ListedService } from "../ipvs/model";
import { ERRNO, NetlinkError } from "../netlink/errors";
import { heading, serverLine, serviceLine, versionLine } from "../views/table";
import { writeTable } from "../views/write-table";
import type { World } from "../world";
import { kernelMessage } from "./kernel-message";

/** -L: the whole table, or one service. */
export async function listServices({ service, format }: Extract<Intent, { kind: "list-services" }>, world: World): Promise<number> {
  const ipvs = await world.ipvs();
  const stats = countersOf(format);
  if (service === undefined) {
    world.out(versionLine(await ipvs.info()) + heading(format.columns));
    await write(await ipvs.services({ stats }), format, ipvs, world);
    return STATUS.OK;
  }
  try {
    const found = await ipvs.service(service, { stats });
    world.out(heading(format.columns));
    await write([found], format, ipvs, world);
    return STATUS.OK;
  } catch (error) {
    if (!(error instanceof NetlinkError) || error.errno !== ERRNO.ESRCH) throw error;
    world.error(`${kernelMessage("list-service", error.errno)}\n`);
    return STATUS.NOT_LISTED;
  }
}

const countersOf = ({ columns }: Format): Counters => (columns === "stats" ? "totals" : columns === "rate" ? "rates" : "none");

async function write(services: readonly ListedService[], format: Format, ipvs: IpvsClient, world: World): Promise<void> {
  const stats = countersOf(format);
  const table = readTable(ipvs, services, { sorted: format.sorted, stats, brief: format.columns === "default" });
  await writeTable(table, format.numeric, world, ({ service, servers }, naming) => {
    let lines = serviceLine(service, format, naming);
    for (const server of servers) lines += serverLine(service, server, format, naming);
    return lines;
  });
}
