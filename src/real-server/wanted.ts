import { AF } from "../ipvs/constants";
import type { IpAddress } from "../rtnetlink/ip";
import type { Setting } from "../settings/kinds";
import { ARP_ANNOUNCE, ARP_IGNORE } from "../settings/silence";
import type { RealServerOptions, Tunnel } from "./options";

const conf = (device: string, name: string, value: number): Setting => ({ kind: "sysctl", key: `net/ipv4/conf/${device}/${name}`, value });

/** Nobody is told of addresses other than those of the device that asks: for VIPs, the director answers. */
const quiet = (device: string): Setting[] => [
  { kind: "sysctl", key: `net/ipv4/conf/${device}/arp_ignore`, value: ARP_IGNORE.wanted, stricter: [...ARP_IGNORE.stricter] },
  conf(device, "arp_announce", ARP_ANNOUNCE),
];

/** What IPv6 needs: nothing where it is built in. */
const IPV6: Setting = { kind: "module", name: "ipv6" };

/** What a real server needs for a VIP, in the order of applying. */
export function wantedFor({ family, address }: IpAddress, { tunnel, port }: RealServerOptions): Setting[] {
  if (tunnel !== undefined) return (family === AF.INET6 ? TUNNELS6 : TUNNELS4)[tunnel](address, port);
  if (family === AF.INET6) return [IPV6, { kind: "address", link: "lo", address, numbered: false }];
  return [...quiet("all"), ...quiet("lo"), { kind: "address", link: "lo", address, numbered: true }];
}

type Tunnels = Readonly<Record<Tunnel, (address: string, port: number) => Setting[]>>;

/** What unwraps. */
interface Device {
  readonly link: string;
  /** As `ip link add` has it. */
  readonly type: string;
  readonly module: string;
}

const IPIP: Device = { link: "tunl0", type: "ipip", module: "ipip" };
const GRE: Device = { link: "gre0", type: "gre", module: "ip_gre" };
const IP6TNL: Device = { link: "ip6tnl0", type: "ip6tnl", module: "ip6_tunnel" };
const IP6GRE: Device = { link: "ip6gre0", type: "ip6gre", module: "ip6_gre" };

const device = ({ link, type, module }: Device, address: string): Setting[] => [
  { kind: "module", name: module },
  { kind: "link", link, type, module },
  ...quiet("all"),
  // What comes out of the tunnel has the client's address, which is not routed back into it. The kernel takes the larger of both.
  conf("all", "rp_filter", 0),
  conf(link, "rp_filter", 0),
  { kind: "link-up", link },
  { kind: "address", link, address, numbered: false },
];

const TUNNELS4: Tunnels = {
  ipip: (address) => device(IPIP, address),
  gre: (address) => device(GRE, address),
  gue: (address, port) => [{ kind: "module", name: "fou" }, { kind: "fou-port", port, family: AF.INET }, ...device(IPIP, address)],
};

const device6 = ({ link, type, module }: Device, address: string): Setting[] => [
  IPV6,
  { kind: "module", name: module },
  { kind: "link", link, type, module },
  { kind: "link-up", link },
  { kind: "address", link, address, numbered: false },
];

const TUNNELS6: Tunnels = {
  ipip: (address) => device6(IP6TNL, address),
  gre: (address) => device6(IP6GRE, address),
  // IPv6 comes first: all that follows is part of it.
  gue: (address, port) => [IPV6, { kind: "module", name: "fou6" }, { kind: "fou-port", port, family: AF.INET6 }, ...device6(IP6TNL, address)],
};
