import { STATUS } from "../command-line/failure";
import type { World } from "../world";

/** Scripts read this line: it is that of the ipvsadm whose behaviour this one has. */
export const VERSION = "ipvsadm v1.31 2019/12/24 (compiled with popt and IPVS v1.2.1)";

export function version(world: World): number {
  world.out(`${VERSION}\n`);
  return STATUS.OK;
}
