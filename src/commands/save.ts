import { STATUS } from "../command-line/failure";
import type { Intent } from "../command-line/intent";
import { TableReader } from "../ipvs/listing";
import { entryRules } from "../save-restore/save";
import { eachEntry } from "../views/each-entry";
import type { World } from "../world";

/** How much text is gathered before it is written, in characters. */
const CHUNK = 16_384;

/** -S: the table as rules that -R reads. */
export async function save({ numeric }: Extract<Intent, { kind: "save" }>, world: World): Promise<number> {
  const ipvs = await world.ipvs();
  const services = await ipvs.services({ stats: "none" });
  const table = new TableReader(ipvs, services, { sorted: true, stats: "none", brief: false });
  let text = "";
  await eachEntry(table, numeric, world.names, (entry, naming) => {
    text += entryRules(entry, naming);
    if (text.length < CHUNK) return;
    world.out(text);
    text = "";
  });
  if (text !== "") world.out(text);
  return STATUS.OK;
}
