import { STATUS } from "../command-line/failure";
import { timeoutsLine } from "../views/daemons";
import type { World } from "../world";

/** -L --timeout. */
export async function listTimeouts(world: World): Promise<number> {
  world.out(timeoutsLine(await (await world.ipvs()).timeouts()));
  return STATUS.OK;
}
