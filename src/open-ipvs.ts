import { loadNativeSocket } from "#late-native-socket";
import type { NativeSocket } from "#native-socket";
import { fail } from "./command-line/failure";
import { cannotInitialize } from "./commands/kernel-message";
import { IpvsClient } from "./ipvs/client";
import { Connection } from "./netlink/connection";
import { ERRNO, NetlinkError } from "./netlink/errors";
import { NETLINK, type Offer, OFFER } from "./netlink/socket";
import { andThen, orElse, type Soon } from "./soon";

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

/** Where there is no Linux, the addon cannot be loaded; where netlink is forbidden, its socket cannot be opened. */
const open = (): Soon<IpvsClient> =>
  andThen(orElse(loadNativeSocket, cannot), (Socket) => {
    const connection = connect(Socket, OFFER.long);
    return orElse(
      () => IpvsClient.open(connection, () => connectShort(Socket)),
      (error) => {
        connection.close();
        throw error;
      },
    );
  });

function connect(Socket: typeof NativeSocket, offer: Offer): Connection {
  try {
    return new Connection(new Socket(NETLINK.GENERIC, offer));
  } catch (error) {
    return cannot(error);
  }
}

/** Another connection, for short answers, where there can be one. */
function connectShort(Socket: typeof NativeSocket): Connection | undefined {
  try {
    return connect(Socket, OFFER.short);
  } catch {
    return undefined;
  }
}

const cannot = (error: unknown): never =>
  fail(`Can't initialize ipvs: ${error instanceof Error ? error.message.split("\n", 1)[0] : String(error)}`);
