import { STATUS } from "../command-line/failure";
import { andThen, type Soon } from "../soon";
import { timeoutsLine } from "../views/daemons";
import type { World } from "../world";

/** -L --timeout. */
export const listTimeouts = (world: World): Soon<number> =>
  andThen(andThen(world.ipvs(), (ipvs) => ipvs.timeouts()), (timeouts) => {
    world.out(timeoutsLine(timeouts));
    return STATUS.OK;
  });
