/** Tells a VIP's neighbours where it is. */
import { NetlinkError } from "../netlink/errors";
import { IFF } from "../rtnetlink/constants";
import type { IpAddress } from "../rtnetlink/ip";
import { AF } from "../ipvs/constants";
import type { Machine } from "../settings/machine";

/**
 * Gratuitous ARP for the IPv4 addresses. IPv6 addresses need none: the kernel
 * sends an unsolicited neighbour advertisement itself once they are found to be
 * unique. Returns what could not be announced, and why.
 */
export async function announce(machine: Machine, dev: string, vips: readonly IpAddress[]): Promise<string[]> {
  const link = await machine.link(dev);
  const short = vips.filter(({ family }) => family === AF.INET);
  if (short.length === 0 || (link.flags & (IFF.NOARP | IFF.LOOPBACK)) !== 0) return [];
  if ((link.flags & IFF.UP) === 0) return [`${dev} is down: ${short.map(({ address }) => address).join(", ")} will be announced when it comes up`];
  const warnings: string[] = [];
  for (const { address } of short) {
    try {
      await machine.route.announce(link, address);
    } catch (error) {
      if (!(error instanceof NetlinkError)) throw error;
      warnings.push(`${address} was not announced on ${dev}: ${error.message}`);
    }
  }
  return warnings;
}

/** The same as commands, for rehearsals. */
export const announceCommands = (dev: string, vips: readonly IpAddress[]): string[] =>
  vips.filter(({ family }) => family === AF.INET).map(({ address }) => `arping -U -c 1 -I ${dev} ${address}`);
