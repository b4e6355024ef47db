/**
 * A VIP on a device of a VRF. IPVS sees its packets, but looks for the way to a real server by its own sockets' rules,
 * which no VRF has a part in (ip_route_output_key in __ip_vs_get_out_rt, net/netfilter/ipvs/ip_vs_xmit.c): in the main
 * table, where the networks of the VRF's devices are not.
 */
import { RT_SCOPE } from "../rtnetlink/constants";
import { hostPrefix, type IpAddress } from "../rtnetlink/ip";
import { type Network, networkOf, networkText } from "../rtnetlink/network";
import type { Machine } from "../settings/machine";

/** One warning for each network that the main table has no way to. `networks` are those where the servers are known to be. */
export async function vrfWarnings({ route }: Machine, dev: string, vips: readonly IpAddress[], networks: readonly Network[]): Promise<string[]> {
  const link = await route.link(dev);
  const vrf = (await route.links()).find(({ index, kind }) => kind === "vrf" && index === link?.master);
  if (link === undefined || vrf === undefined) return [];
  const families = new Set(vips.map(({ family }) => family));
  const why = `it is in the VRF ${vrf.name}, and IPVS looks in the main table for the way to servers and clients`;
  const warnings = new Map<string, string>();
  for (const { family, address, prefix, index, scope } of await route.addresses()) {
    if (index !== link.index || !families.has(family) || prefix === hostPrefix(family) || scope === RT_SCOPE.LINK) continue;
    const network = networkOf({ family, address }, prefix);
    if ((await route.routeTo(network))?.index === index) continue;
    const text = networkText(network);
    warnings.set(text, `${dev}: ${why}, which has no route to ${text} by ${dev} (ip route add ${text} dev ${dev})`);
  }
  for (const network of networks) {
    const text = networkText(network);
    if (!warnings.has(text) && (await route.routeTo(network)) === undefined) warnings.set(text, `${dev}: ${why}, which has no route to ${text}`);
  }
  return [...warnings.values()];
}
