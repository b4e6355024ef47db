import { STATUS } from "../command-line/failure";
import type { Format, Intent } from "../command-line/intent";
import type { IpvsClient } from "../ipvs/client";
import { countServices } from "../ipvs/count-services";
import { TableReader } from "../ipvs/listing";
import type { Counters, ListedService, ServiceKey } from "../ipvs/model";
import { ERRNO, NetlinkError } from "../netlink/errors";
import { andThen, orElse, type Soon } from "../soon";
import { eachEntry } from "../views/each-entry";
import { Page } from "../views/page";
import { heading, versionLine, writeServer, writeService } from "../views/table";
import type { World } from "../world";
import { kernelMessage } from "./kernel-message";

/** -L: the whole table, or one service. */
export const listServices = ({ service, format }: Extract<Intent, { kind: "list-services" }>, world: World): Soon<number> =>
  andThen(world.ipvs(), (ipvs) => (service === undefined ? listAll(format, ipvs, world) : listOne(service, format, ipvs, world)));

const listAll = (format: Format, ipvs: IpvsClient, world: World): Soon<number> =>
  andThen(ipvs.info(), (info) => {
    world.out(versionLine(info) + heading(format.columns));
    return andThen(allServices(format, ipvs), (services) => write(services, format, ipvs, world));
  });

/** While the kernel makes its table anew, a dump may lack some (save-restore/read-consistently.ts): then once more, as a list need not be exact. */
const allServices = (format: Format, ipvs: IpvsClient): Soon<ListedService[]> =>
  andThen(ipvs.services({ stats: countersOf(format) }), (services) =>
    (countServices() ?? services.length) === services.length ? services : ipvs.services({ stats: countersOf(format) }),
  );

const listOne = (service: ServiceKey, format: Format, ipvs: IpvsClient, world: World): Soon<number> =>
  orElse<number>(
    () =>
      andThen(ipvs.service(service, { stats: countersOf(format) }), (found) => {
        world.out(heading(format.columns));
        return write([found], format, ipvs, world);
      }),
    (error) => {
      if (!(error instanceof NetlinkError) || error.errno !== ERRNO.ESRCH) throw error;
      world.error(`${kernelMessage("list-service", error.errno)}\n`);
      return STATUS.NOT_LISTED;
    },
  );

const countersOf = ({ columns }: Format): Counters => (columns === "stats" ? "totals" : columns === "rate" ? "rates" : "none");

function write(services: readonly ListedService[], format: Format, ipvs: IpvsClient, world: World): Soon<number> {
  const stats = countersOf(format);
  const table = new TableReader(ipvs, services, { sorted: format.sorted, stats, brief: format.columns === "default" });
  const page = new Page(world.write);
  const written = eachEntry(table, format.numeric, world.names, ({ service, servers }, naming) => {
    writeService(page, service, format, naming);
    // Not by an iterator, which would be an object for each service.
    for (let index = 0; index < servers.length; index++) writeServer(page, service, servers[index]!, format, naming);
  });
  return andThen(written, () => {
    page.flush();
    return STATUS.OK;
  });
}
