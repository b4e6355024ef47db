/** ipvsadm-save and -S: the kernel's table as rules. */
import { FWD } from "../ipvs/constants";
import type { IpvsClient } from "../ipvs/client";
import type { Server } from "../ipvs/model";
import type { TableEntry } from "../ipvs/listing";
import { eachEntry } from "../views/each-entry";
import { type Naming, numericNaming } from "../views/naming";
import type { World } from "../world";
import { readConsistently, type Reading } from "./read-consistently";
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

export interface RuleText {
  readonly numeric: boolean;
  readonly names: World["names"];
  /** The rules of one service and its servers. */
  rules(entry: TableEntry, naming: Naming): string;
  /** Of names, in bytes; ipvsadm's own limit where it is left out. */
  readonly longestName?: number;
}

/** The table as one text; names are asked for once the table was read. Throws TableChangedError. */
export async function tableText(ipvs: IpvsClient, reading: Reading, { numeric, names, rules, longestName }: RuleText): Promise<string> {
  if (numeric) {
    return readConsistently(ipvs, reading, () => {
      let text = "";
      return { add: (entry) => void (text += rules(entry, numericNaming)), result: () => text };
    });
  }
  const entries = await readConsistently(ipvs, reading, () => {
    const gathered: TableEntry[] = [];
    return { add: (entry) => void gathered.push(entry), result: () => gathered };
  });
  let at = 0;
  let text = "";
  await eachEntry({ next: () => entries[at++] }, false, names, (entry, naming) => void (text += rules(entry, naming)), longestName);
  return text;
}
