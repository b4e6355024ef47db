/** ipvsadm-save: the kernel's table as rules, with nothing left out that options can say. */
import { FWD } from "../ipvs/constants";
import type { IpvsClient } from "../ipvs/client";
import type { Server } from "../ipvs/model";
import type { TableEntry } from "../ipvs/listing";
import type { Naming } from "../views/naming";
import { daemonRule } from "./rule-of-change";
import { serverRule, serviceOption, serviceRule } from "./rule";

/** The rules of a service and its servers, a line each; `whole` as in serviceRule. */
export function entryRules({ service, servers }: TableEntry, naming: Naming, whole = false): string {
  const option = serviceOption(service, naming);
  const protocol = service.mark === 0 ? service.protocol : 0;
  return serviceRule(service, naming, whole) + servers.map((server) => serverRule(option, protocol, server, naming)).join("");
}

/** The rules of what is not in the table: timeouts and daemons. */
export async function settingRules(ipvs: IpvsClient): Promise<string> {
  const { tcp, tcpFin, udp } = await ipvs.timeouts();
  const daemons = await ipvs.daemons();
  return [`--set ${tcp} ${tcpFin} ${udp}`, ...daemons.map(daemonRule)].map((line) => `${line}\n`).join("");
}

const EXPRESSED: ReadonlySet<number> = new Set([FWD.MASQ, FWD.TUNNEL, FWD.DROUTE]);

/** What no option can say of a server, in words. */
export function inexpressible({ forwarding, weight }: Server): string | undefined {
  if (!EXPRESSED.has(forwarding)) return `forwarding method ${forwarding}`;
  if (weight < 0) return `weight ${weight >>> 0}`;
  return undefined;
}
