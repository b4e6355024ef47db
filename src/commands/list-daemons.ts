import { STATUS } from "../command-line/failure";
import { daemonLine } from "../views/daemons";
import type { World } from "../world";

/** -L --daemon: the master before the backup. */
export async function listDaemons(world: World): Promise<number> {
  const daemons = await (await world.ipvs()).daemons();
  for (const role of ["master", "backup"] as const) {
    for (const daemon of daemons) if (daemon.role === role) world.out(daemonLine(daemon));
  }
  return STATUS.OK;
}
