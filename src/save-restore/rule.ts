/** The model as rule lines: what -S writes, and -R reads back. */
import { formatNetmask, hostNetmask } from "../ipvs/address";
import { schedulerFlagNames } from "../command-line/scheduler-flags";
import { TUNNEL_TYPES } from "../command-line/legality";
import { AF, FWD, IPPROTO, SVC_F, TUNNEL, TUNNEL_F } from "../ipvs/constants";
import type { Server, Service, ServiceKey } from "../ipvs/model";
import type { Naming } from "../views/naming";

const PROTOCOL_OPTIONS: Readonly<Record<number, string>> = {
  [IPPROTO.TCP]: "-t",
  [IPPROTO.UDP]: "-u",
  [IPPROTO.SCTP]: "--sctp-service",
};

const FORWARDING_OPTIONS: Readonly<Record<number, string>> = {
  [FWD.MASQ]: "-m",
  [FWD.TUNNEL]: "-i",
  [FWD.DROUTE]: "-g",
};

const CHECKSUM_OPTIONS: Readonly<Record<number, string>> = {
  [TUNNEL_F.NOCSUM]: "--tun-nocsum",
  [TUNNEL_F.CSUM]: "--tun-csum",
  [TUNNEL_F.REMCSUM]: "--tun-remcsum",
};

/** "-t 192.0.2.1:80", "-f 5 -6": how a line names its service. */
export function serviceOption(service: ServiceKey, naming: Naming): string {
  const { family, mark, protocol, address, port } = service;
  if (mark !== 0) return `-f ${mark}${family === AF.INET6 ? " -6" : ""}`;
  return `${PROTOCOL_OPTIONS[protocol] ?? "--xxx-service"} ${naming.endpoint(family, address, port, protocol)}`;
}

/** `whole` says a mask without persistence too, which 1.31 forgets: it has no effect until there is some. */
export function serviceRule(service: Service, naming: Naming, whole = false): string {
  const { family, scheduler, flags, timeout, netmask, engine } = service;
  const persistent = (flags & SVC_F.PERSISTENT) !== 0;
  const names = schedulerFlagNames(scheduler, flags);
  let rule = `-A ${serviceOption(service, naming)} -s ${scheduler}`;
  if (persistent) rule += ` -p ${timeout}`;
  if ((persistent || whole) && netmask !== hostNetmask(family)) rule += ` -M ${formatNetmask(family, netmask)}`;
  if (engine !== "") rule += ` --pe ${engine}`;
  if ((flags & SVC_F.ONEPACKET) !== 0) rule += " -o";
  if (names.length > 0) rule += ` -b ${names.join(",")}`;
  return `${rule}\n`;
}

/** `service` is the service as serviceOption writes it. */
export function serverRule(service: string, protocol: number, server: Server, naming: Naming): string {
  const { family, address, port, forwarding, weight, upper, lower } = server;
  let rule = `-a ${service} -r ${naming.endpoint(family, address, port, protocol)} ${FORWARDING_OPTIONS[forwarding] ?? "(null)"} -w ${weight}`;
  if (upper !== 0) rule += ` -x ${upper}`;
  if (lower !== 0) rule += ` -y ${lower}`;
  if (forwarding === FWD.TUNNEL) rule += tunnelRule(server);
  return `${rule}\n`;
}

function tunnelRule({ tunnelType, tunnelPort, tunnelFlags }: Server): string {
  const checksum = CHECKSUM_OPTIONS[tunnelFlags] ?? "";
  const type = ` --tun-type ${TUNNEL_TYPES[tunnelType] ?? tunnelType}`;
  switch (tunnelType) {
    case TUNNEL.GUE: return `${type} --tun-port ${tunnelPort} ${checksum}`;
    case TUNNEL.GRE: return `${type} ${checksum}`;
    default: return type;
  }
}
