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
export function wantedFor({ family, address }: IpAddress, { tunnel, port, outer }: RealServerOptions): Setting[] {
  if (tunnel !== undefined) {
    const long = (outer ?? (family === AF.INET6 ? "ipv6" : "ipv4")) === "ipv6";
    const tunnels = family === AF.INET6 ? (long ? TUNNELS6 : TUNNELS6_IN_4) : long ? TUNNELS4_IN_6 : TUNNELS4;
    return tunnels[tunnel](address, port);
  }
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
  readonly external?: boolean;
}

const IPIP: Device = { link: "tunl0", type: "ipip", module: "ipip" };
const GRE: Device = { link: "gre0", type: "gre", module: "ip_gre" };
const IP6TNL: Device = { link: "ip6tnl0", type: "ip6tnl", module: "ip6_tunnel" };
const IP6GRE: Device = { link: "ip6gre0", type: "ip6gre", module: "ip6_gre" };

const SIT: Device = { link: "sit0", type: "sit", module: "sit" };
/**
 * Of IPv4 in IPv6. ip6tnl0 unwraps IPv6 alone, and over netlink Linux 6.1 does
 * not change that; and it drops what comes from an address that this machine
 * has, as the director's VIP of IPv6 may be (ip6_tnl_rcv_ctl in
 * net/ipv6/ip6_tunnel.c).
 */
const IP4IN6: Device = { link: "lvs-ip6tnl", type: "ip6tnl", module: "ip6_tunnel", external: true };

const linkOf = ({ link, type, module, external }: Device): Setting => ({ kind: "link", link, type, module, ...(external === undefined ? {} : { external }) });

const device = (unwrapping: Device, address: string): Setting[] => [
  { kind: "module", name: unwrapping.module },
  linkOf(unwrapping),
  ...quiet("all"),
  // What comes out of the tunnel has the client's address, which is not routed back into it. The kernel takes the larger of both.
  conf("all", "rp_filter", 0),
  conf(unwrapping.link, "rp_filter", 0),
  { kind: "link-up", link: unwrapping.link },
  { kind: "address", link: unwrapping.link, address, numbered: false },
];

// IPv6 comes first: all that follows is part of it.
const gue6 = (port: number): Setting[] => [IPV6, { kind: "module", name: "fou6" }, { kind: "fou-port", port, family: AF.INET6 }];
const gue4 = (port: number): Setting[] => [{ kind: "module", name: "fou" }, { kind: "fou-port", port, family: AF.INET }];

const TUNNELS4: Tunnels = {
  ipip: (address) => device(IPIP, address),
  gre: (address) => device(GRE, address),
  gue: (address, port) => [...gue4(port), ...device(IPIP, address)],
};

const device6 = (unwrapping: Device, address: string): Setting[] => [
  IPV6,
  { kind: "module", name: unwrapping.module },
  linkOf(unwrapping),
  { kind: "link-up", link: unwrapping.link },
  { kind: "address", link: unwrapping.link, address, numbered: false },
];

const TUNNELS6: Tunnels = {
  ipip: (address) => device6(IP6TNL, address),
  gre: (address) => device6(IP6GRE, address),
  gue: (address, port) => [...gue6(port), ...device6(IP6TNL, address)],
};

const TUNNELS6_IN_4: Tunnels = {
  ipip: (address) => device6(SIT, address),
  gre: (address) => device6(GRE, address),
  gue: (address, port) => [...gue4(port), ...device6(SIT, address)],
};

const TUNNELS4_IN_6: Tunnels = {
  ipip: (address) => [IPV6, ...device(IP4IN6, address)],
  gre: (address) => [IPV6, ...device(IP6GRE, address)],
  gue: (address, port) => [...gue6(port), ...device(IP4IN6, address)],
};
