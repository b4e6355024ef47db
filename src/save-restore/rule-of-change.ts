/** Changes as lines that ipvsadm takes. */
import { formatAddress } from "../ipvs/address";
import type { Change, Daemon } from "../ipvs/model";
import { numericNaming } from "../views/naming";
import { serverRule, serviceOption, serviceRule } from "./rule";

export function changeRule(change: Change): string {
  switch (change.kind) {
    case "add-service": return serviceRule(change.service, numericNaming, true).trimEnd();
    case "edit-service": return as("-E", serviceRule(change.service, numericNaming, true));
    case "delete-service": return `-D ${serviceOption(change.service, numericNaming)}`;
    case "add-server": return serverRule(serviceOption(change.service, numericNaming), 0, change.server, numericNaming).trimEnd();
    case "edit-server": return as("-e", serverRule(serviceOption(change.service, numericNaming), 0, change.server, numericNaming));
    case "delete-server": {
      const { family, address, port } = change.server;
      return `-d ${serviceOption(change.service, numericNaming)} -r ${numericNaming.endpoint(family, address, port, 0)}`;
    }
    case "flush": return "-C";
    case "zero": return ["-Z", ...(change.service === undefined ? [] : [serviceOption(change.service, numericNaming)])].join(" ");
    case "set-timeouts": return `--set ${change.timeouts.tcp} ${change.timeouts.tcpFin} ${change.timeouts.udp}`;
    case "start-daemon": return daemonRule(change.daemon);
    case "stop-daemon": return `--stop-daemon ${change.daemon.role} --syncid ${change.daemon.syncId}`;
  }
}

const as = (command: string, rule: string): string => rule.trimEnd().replace(/^-[Aa]/, command);

/** The values that the kernel would choose by itself are left out. */
export function daemonRule({ role, interface: name, syncId, maxLength, group, port, ttl }: Daemon): string {
  return [
    `--start-daemon ${role} --mcast-interface ${name} --syncid ${syncId}`,
    maxLength === 0 ? "" : ` --sync-maxlen ${maxLength}`,
    group === undefined ? "" : ` --mcast-group ${formatAddress(group.address)}`,
    port === 0 ? "" : ` --mcast-port ${port}`,
    ttl === 0 ? "" : ` --mcast-ttl ${ttl}`,
  ].join("");
}
