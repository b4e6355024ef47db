import { loadNativeSocket } from "#late-native-socket";
import { fail } from "./command-line/failure";
import { cannotInitialize } from "./commands/kernel-message";
import { IpvsClient } from "./ipvs/client";
import { Connection } from "./netlink/connection";
import { ERRNO, NetlinkError } from "./netlink/errors";
import { andThen, orElse, type Soon } from "./soon";
import { NETLINK, type Offer, OFFER } from "./netlink/socket";

/** What ipvsadm calls a kernel without the family: what its older interface, by socket options, answers. */
const NO_IPVS = ERRNO.ENOPROTOOPT;

/**
 * Opens the kernel's IPVS, loading its module where it is not there yet.
 * Throws Failure with ipvsadm's status where that does not help.
 */
export const openIpvs = (): Soon<IpvsClient> =>
  orElse(open, (error) => {
    if (error instanceof NetlinkError) return loadAndOpen();
    throw error;
  });

async function loadAndOpen(): Promise<IpvsClient> {
  const { spawnSync } = await import("node:child_process");
  spawnSync("/sbin/modprobe", ["--", "ip_vs"], { stdio: "ignore" });
  try {
    return await open();
  } catch (error) {
    if (error instanceof NetlinkError) return fail(cannotInitialize(error.errno === ERRNO.ENOENT ? NO_IPVS : error.errno));
    throw error;
  }
}

const open = (): Soon<IpvsClient> =>
  andThen(connect(), ([connection, connectShort]) =>
    orElse(
      () => IpvsClient.open(connection, connectShort),
      (error) => {
        connection.close();
        throw error;
      },
    ),
  );

/**
 * A connection, and how another is made for short answers. Where there is no Linux, the addon cannot be loaded;
 * where netlink is forbidden, its socket cannot be opened.
 */
const connect = (): Soon<[Connection, () => Connection | undefined]> =>
  orElse<[Connection, () => Connection | undefined]>(
    () =>
      andThen(loadNativeSocket(), (NativeSocket) => {
        const offering = (offer: Offer): Connection => new Connection(new NativeSocket(NETLINK.GENERIC, offer));
        return [offering(OFFER.long), () => orUndefined(() => offering(OFFER.short))];
      }),
    (error) => fail(`Can't initialize ipvs: ${error instanceof Error ? error.message.split("\n", 1)[0] : String(error)}`),
  );

function orUndefined<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
