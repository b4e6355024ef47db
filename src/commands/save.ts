import { Failure, STATUS } from "../command-line/failure";
import type { Intent } from "../command-line/intent";
import { TableChangedError } from "../save-restore/read-consistently";
import { entryRules, tableText } from "../save-restore/save";
import type { World } from "../world";

/** -S: the table as rules that -R reads. Where it never rests, nothing is written. */
export async function save({ numeric }: Extract<Intent, { kind: "save" }>, world: World): Promise<number> {
  const ipvs = await world.ipvs();
  try {
    world.out(await tableText(ipvs, { options: { sorted: true, stats: "none", brief: false } }, { numeric, names: world.names, rules: entryRules }));
  } catch (error) {
    if (error instanceof TableChangedError) throw new Failure(STATUS.REFUSED, error.message);
    throw error;
  }
  return STATUS.OK;
}
