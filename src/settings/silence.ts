/** Whether neighbours are told of a VIP that only the director may answer for. */
import { AF } from "../ipvs/constants";
import { IFF } from "../rtnetlink/constants";
import type { IpAddress } from "../rtnetlink/ip";
import type { Link, LinkAddress } from "../rtnetlink/model";
import type { Hazard } from "./hazard";
import type { Machine } from "./machine";
import { sysctlName } from "./sysctl";

/**
 * The values of arp_ignore under which a device is silent about addresses of
 * other devices: 1 and 2 answer for its own, 8 for none. 3 is no more than 0
 * for a VIP: it leaves out addresses of scope host alone (arp_ignore in
 * net/ipv4/arp.c).
 */
export const ARP_IGNORE = { wanted: 1, stricter: [2, 8] } as const;
const NO_ANSWER = 8;
/** A greater number is read as 0 (arp_solicit in net/ipv4/arp.c). */
export const ARP_ANNOUNCE = 2;

/** Of the sysctl of all and that of a device, the kernel takes the larger (IN_DEV_MAXCONF in linux/inetdevice.h). */
const arpIgnoreHolds = (value: number): boolean => value === ARP_IGNORE.wanted || ARP_IGNORE.stricter.some((one) => one === value);

/** What makes some device tell its neighbours of a VIP that is on the device `home`. What a start sets itself is taken as set. */
export async function broken(machine: Machine, vip: IpAddress, home: string): Promise<Hazard[]> {
  const links = (await machine.route.links()).filter(({ name }) => name !== home);
  const kinds = new Map(links.map(({ index, kind }) => [index, kind]));
  // The packets of a bridge's port are the bridge's; those of a VRF's device stay its own.
  const asked = links.filter(({ flags, master }) => (flags & (IFF.LOOPBACK | IFF.NOARP)) === 0 && (master === undefined || kinds.get(master) === "vrf"));
  const addresses = (await machine.route.addresses()).filter(({ family, address }) => family === vip.family && address === vip.address);
  return vip.family === AF.INET ? byArp(machine, asked, addresses) : byDiscovery(machine, vip, links, asked, addresses);
}

const number = (machine: Machine, key: string): number => Number(machine.sysctls.read(key) ?? 0);

function byArp(machine: Machine, asked: readonly Link[], addresses: readonly LinkAddress[]): Hazard[] {
  const all = number(machine, "net/ipv4/conf/all/arp_ignore");
  const least = arpIgnoreHolds(all) ? all : ARP_IGNORE.wanted;
  return asked.flatMap(({ name, index }) => {
    const found: Hazard[] = [];
    const [ignore, announce] = (["arp_ignore", "arp_announce"] as const).map((one) => `net/ipv4/conf/${name}/${one}`);
    const effective = Math.max(least, number(machine, ignore ?? ""));
    if (!arpIgnoreHolds(effective)) found.push(sysctlHazard(ignore ?? "", effective, ARP_IGNORE.wanted, `${name} answers ARP requests for it`));
    const announced = number(machine, announce ?? "");
    if (announced > ARP_ANNOUNCE) found.push(sysctlHazard(announce ?? "", announced, ARP_ANNOUNCE, `${name} asks its neighbours with it`));
    if (effective === NO_ANSWER) return found;
    const own = addresses.filter((address) => address.index === index);
    return [...found, ...own.map((address) => addressHazard(address, name, `${name} answers ARP requests for it`))];
  });
}

function sysctlHazard(key: string, found: number, wanted: number, effect: string): Hazard {
  const subject = sysctlName(key);
  return { kind: "silence", subject, found: String(found), wanted: String(wanted), effect, mend: `sysctl -w ${subject}=${wanted}` };
}

function addressHazard({ address, prefix }: LinkAddress, device: string, effect: string): Hazard {
  const subject = `address ${address}/${prefix} on ${device}`;
  return { kind: "silence", subject, found: "there", wanted: "not there", effect, mend: `ip address delete ${address}/${prefix} dev ${device}` };
}

/**
 * IPv6 answers for the addresses of the device that is asked and of its VRF,
 * and, as a router, for its proxy neighbours (ndisc_recv_ns in
 * net/ipv6/ndisc.c). For the addresses of a VRF it answers whoever asks this
 * machine alone, as those do who knew it before: the device is not in their
 * multicast groups.
 */
async function byDiscovery(machine: Machine, vip: IpAddress, links: readonly Link[], asked: readonly Link[], addresses: readonly LinkAddress[]): Promise<Hazard[]> {
  const answers = (name: string): string => `${name} answers neighbour solicitations for it`;
  const found = addresses.flatMap((address) => {
    const link = links.find(({ index }) => index === address.index);
    if (link === undefined) return [];
    const heard = asked.find(({ index, master }) => index === link.index || (link.kind === "vrf" && master === link.index));
    return heard === undefined ? [] : [addressHazard(address, link.name, answers(heard.name))];
  });
  const allProxies = number(machine, "net/ipv6/conf/all/proxy_ndp") !== 0;
  for (const { index, address } of await machine.route.proxyNeighbours(AF.INET6)) {
    const link = asked.find((one) => one.index === index);
    if (link === undefined || address !== vip.address) continue;
    const conf = `net/ipv6/conf/${link.name}`;
    if (number(machine, `${conf}/forwarding`) === 0 || !(allProxies || number(machine, `${conf}/proxy_ndp`) !== 0)) continue;
    const subject = `proxy neighbour ${address} on ${link.name}`;
    const mend = `ip -6 neighbour delete proxy ${address} dev ${link.name}`;
    found.push({ kind: "silence", subject, found: "there", wanted: "not there", effect: answers(link.name), mend });
  }
  return found;
}
