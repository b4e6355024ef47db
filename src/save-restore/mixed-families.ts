/**
 * IPVS has either servers of another family than their service or a
 * synchronisation daemon, never both (sync_state in ip_vs_genl_set_cmd,
 * mixed_address_family_dests in ip_vs_genl_new_daemon, of ip_vs_ctl.c). It
 * refuses what comes second, as EINVAL, without a reason.
 */
import type { ListedServer, ListedService, Role, Server, ServiceKey } from "../ipvs/model";
import { serverId, serviceId, type Table } from "../ipvs/table";
import { numericNaming } from "../views/naming";
import type { Step } from "./plan";
import { serviceOption } from "./rule";

export const ONE_OR_THE_OTHER = "IPVS has either servers of another family than their service or a synchronisation daemon";

const isMixed = (service: ServiceKey, server: { readonly family: number }): boolean => service.family !== server.family;

/** Why a server cannot be where these daemons run; undefined where it can. */
export const serverBesideDaemons = (service: ServiceKey, server: Pick<Server, "family">, daemons: Iterable<Role>): string | undefined => {
  const running = [...daemons].join(" and ");
  return isMixed(service, server) && running !== "" ? `${ONE_OR_THE_OTHER}, and its ${running} daemon runs` : undefined;
};

/** Why a daemon cannot be where these servers are; undefined where it can. */
export function daemonBesideServers(table: Pick<Table, "services">): string | undefined {
  for (const { service, servers } of table.services.values()) {
    for (const { family, address, port } of servers.values()) {
      if (!isMixed(service, { family })) continue;
      return `${ONE_OR_THE_OTHER}, and ${serviceOption(service, numericNaming)} has ${numericNaming.endpoint(family, address, port, 0)}`;
    }
  }
  return undefined;
}

/** The first of these steps that the kernel would refuse for that, and why. */
export function firstRefused(steps: readonly Step[], current: Table<ListedService, ListedServer>): { step: Step; why: string } | undefined {
  const daemons = new Set(current.daemons.keys());
  /** The servers of another family than their service, by service and server. */
  const mixed = new Map<string, string>();
  const key = (service: ServiceKey, server: Pick<Server, "family" | "address" | "port">): string => `${serviceId(service)} ${serverId(server)}`;
  const note = (service: ServiceKey, server: Pick<Server, "family" | "address" | "port">): void => {
    if (!isMixed(service, server)) return;
    mixed.set(key(service, server), `${serviceOption(service, numericNaming)} has ${numericNaming.endpoint(server.family, server.address, server.port, 0)}`);
  };
  for (const { service, servers } of current.services.values()) for (const server of servers.values()) note(service, server);
  for (const step of steps) {
    const { change } = step;
    switch (change.kind) {
      case "start-daemon": {
        const [has] = mixed.values();
        if (has !== undefined) return { step, why: `${ONE_OR_THE_OTHER}, and ${has}` };
        daemons.add(change.daemon.role);
        break;
      }
      case "stop-daemon": daemons.delete(change.daemon.role); break;
      case "flush": mixed.clear(); break;
      case "add-server":
      case "edit-server": {
        const why = serverBesideDaemons(change.service, change.server, daemons);
        if (why !== undefined) return { step, why };
        note(change.service, change.server);
        break;
      }
      case "delete-server": mixed.delete(key(change.service, change.server)); break;
      case "delete-service":
        for (const name of mixed.keys()) if (name.startsWith(`${serviceId(change.service)} `)) mixed.delete(name);
        break;
      default:
    }
  }
  return undefined;
}
