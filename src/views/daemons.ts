import { formatAddress } from "../ipvs/address";
import type { Daemon, Timeouts } from "../ipvs/model";

/** What the kernel does not say (older ones) is left out. */
export function daemonLine(daemon: Daemon): string {
  const { role, syncId, maxLength, group, port, ttl } = daemon;
  return [
    `${role} sync daemon (mcast=${daemon.interface}, syncid=${syncId}`,
    maxLength === 0 ? "" : `, maxlen=${maxLength}`,
    group === undefined ? "" : `, group=${formatAddress(group.address)}`,
    port === 0 ? "" : `, port=${port}`,
    ttl === 0 ? "" : `, ttl=${ttl}`,
    ")\n",
  ].join("");
}

export const timeoutsLine = ({ tcp, tcpFin, udp }: Timeouts): string =>
  `Timeout (tcp tcpfin udp): ${tcp} ${tcpFin} ${udp}\n`;
