import { STATUS } from "../command-line/failure";
import { andThen, type Soon } from "../soon";
import { daemonLine } from "../views/daemons";
import type { World } from "../world";

/** -L --daemon: the master before the backup. */
export const listDaemons = (world: World): Soon<number> =>
  andThen(andThen(world.ipvs(), (ipvs) => ipvs.daemons()), (daemons) => {
    for (const role of ["master", "backup"] as const) {
      for (const daemon of daemons) if (daemon.role === role) world.out(daemonLine(daemon));
    }
    return STATUS.OK;
  });
