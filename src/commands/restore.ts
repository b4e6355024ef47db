import { STATUS } from "../command-line/failure";
import { splitRules } from "../save-restore/lines";
import type { World } from "../world";
import { runWords } from "./run";

/** -R: every line of standard input is a command, one after the other; the last one's status is the whole's. */
export async function restore(world: World): Promise<number> {
  let status: number = STATUS.OK;
  for (const words of splitRules(world.input())) status = await runWords(words, { ...world, restoring: true });
  return status;
}
