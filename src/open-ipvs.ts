import { spawnSync } from "node:child_process";
import { fail } from "./command-line/failure";
import { kernelMessage } from "./commands/kernel-message";
import { IpvsClient } from "./ipvs/client";
import { Connection } from "./netlink/connection";
import { ERRNO, NetlinkError } from "./netlink/errors";
import { NpmSocket } from "./netlink/npm-socket";

/**
 * Opens the kernel's IPVS, loading its module where it is not there yet.
 * Throws Failure with ipvsadm's status where that does not help.
 */
export async function openIpvs(): Promise<IpvsClient> {
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof NetlinkError)) throw error;
    spawnSync("/sbin/modprobe", ["--", "ip_vs"], { stdio: "ignore" });
  }
  try {
    return await open();
  } catch (error) {
    if (error instanceof NetlinkError) return fail(cannotInitialize(error.errno));
    throw error;
  }
}

async function open(): Promise<IpvsClient> {
  const connection = new Connection(new NpmSocket());
  try {
    return await IpvsClient.open(connection);
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** What the user is told of a kernel whose IPVS cannot be used. */
export const cannotInitialize = (errno: number): string =>
  `Can't initialize ipvs: ${kernelMessage(undefined, errno)}` +
  (errno === ERRNO.EPERM ? "" : "\nAre you sure that IP Virtual Server is built in the kernel or as module?");
