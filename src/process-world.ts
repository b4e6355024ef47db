/** The world of a real process. */
import { files } from "#files";
import { Failure, STATUS } from "./command-line/failure";
import { contents } from "./files/contents";
import { hostAddress, hostNames, PATIENCE } from "./names/hosts";
import { serviceNames } from "./names/services";
import { textOf } from "./netlink/text";
import { openIpvs } from "./open-ipvs";
import { type ProcessStreams, processStreams, readSome } from "./process-streams";
import type { OpenFile, World } from "./world";

export interface ProcessWorld extends World, ProcessStreams {}

export function processWorld(): ProcessWorld {
  const services = serviceNames();
  let ipvs: ReturnType<World["ipvs"]> | undefined;
  return {
    ...processStreams(),
    names: {
      hostAddress,
      hostNames,
      patience: PATIENCE,
      servicePort: services.port,
      serviceName: services.name,
    },
    ipvs: () => (ipvs ??= openIpvs()),
    inUserNamespace,
    connectionTable: () => openFile("/proc/net/ip_vs_conn"),
  };
}

/** The initial namespace maps every number to itself (map_write in kernel/user_namespace.c lets no other do that). */
function inUserNamespace(): boolean {
  try {
    return !/^\s*0\s+0\s+4294967295\s*$/.test(textOf(contents("/proc/self/uid_map")));
  } catch {
    return false;
  }
}

function openFile(path: string): OpenFile {
  let descriptor: number;
  try {
    descriptor = files.open(path);
  } catch {
    throw new Failure(STATUS.NOT_LISTED, `cannot open file ${path}`);
  }
  return {
    path,
    read: (into, at) => readSome(descriptor, into, at),
    close: () => files.close(descriptor),
  };
}
