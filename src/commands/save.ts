import { STATUS } from "../command-line/failure";
import type { Intent } from "../command-line/intent";
import { serverRule, serviceOption, serviceRule } from "../save-restore/rule";
import type { World } from "../world";
import { readTable, write } from "./list-services";

/** -S: the table as rules that -R reads. */
export async function save({ numeric }: Extract<Intent, { kind: "save" }>, world: World): Promise<number> {
  const ipvs = await world.ipvs();
  const table = readTable(ipvs, await ipvs.services({ stats: false }), true, false);
  await write(table, numeric, world, ({ service, servers }, naming) => {
    const option = serviceOption(service, naming);
    const protocol = service.mark === 0 ? service.protocol : 0;
    return serviceRule(service, naming) + servers.map((server) => serverRule(option, protocol, server, naming)).join("");
  });
  return STATUS.OK;
}
