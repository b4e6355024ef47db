import { STATUS } from "../command-line/failure";
import type { Intent } from "../command-line/intent";
import { TableReader } from "../ipvs/listing";
import { entryRules } from "../save-restore/save";
import { writeTable } from "../views/write-table";
import type { World } from "../world";

/** -S: the table as rules that -R reads. */
export async function save({ numeric }: Extract<Intent, { kind: "save" }>, world: World): Promise<number> {
  const ipvs = await world.ipvs();
  const services = await ipvs.services({ stats: "none" });
  await writeTable(new TableReader(ipvs, services, { sorted: true, stats: "none", brief: false }), numeric, world, entryRules);
  return STATUS.OK;
}
