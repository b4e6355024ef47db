/** The world of a real process. */
import { files } from "#files";
import { Failure, STATUS } from "./command-line/failure";
import { hostAddress, hostNames, PATIENCE } from "./names/hosts";
import { serviceNames } from "./names/services";
import { openIpvs } from "./open-ipvs";
import { CHUNK, type ProcessStreams, processStreams, readSome } from "./process-streams";
import type { World } from "./world";

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
    connectionTable: () => fileText("/proc/net/ip_vs_conn"),
  };
}

/** The initial namespace maps every number to itself (map_write in kernel/user_namespace.c lets no other do that). */
function inUserNamespace(): boolean {
  try {
    return !/^\s*0\s+0\s+4294967295\s*$/.test([...fileText("/proc/self/uid_map")].join(""));
  } catch {
    return false;
  }
}

function* fileText(path: string): Generator<string> {
  let descriptor: number;
  try {
    descriptor = files.open(path);
  } catch {
    throw new Failure(STATUS.NOT_LISTED, `cannot open file ${path}`);
  }
  try {
    const piece = Buffer.allocUnsafe(CHUNK);
    for (let length = 0; (length = readSome(descriptor, piece)) > 0; ) yield piece.toString("latin1", 0, length);
  } finally {
    files.close(descriptor);
  }
}
