import { STATUS } from "../command-line/failure";
import type { Change } from "../ipvs/model";
import { ERRNO, NetlinkError } from "../netlink/errors";
import { andThen, orElse, type Soon } from "../soon";
import type { World } from "../world";
import { kernelMessage } from "./kernel-message";

/** Every command that changes the table, a timeout or a daemon: -A -E -D -C -a -e -d -Z --set --start-daemon --stop-daemon. */
export const change = (change: Change, world: World): Soon<number> =>
  andThen(world.ipvs(), (ipvs) =>
    orElse<number>(
      () => andThen(ipvs.change(change), () => STATUS.OK),
      (error) => {
        if (!(error instanceof NetlinkError) || error.errno === ERRNO.EPERM) throw error;
        world.error(`${kernelMessage(change.kind, error.errno)}\n`);
        return STATUS.REFUSED;
      },
    ),
  );
