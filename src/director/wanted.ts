import { AF } from "../ipvs/constants";
import type { Family } from "../ipvs/model";
import type { IpAddress } from "../rtnetlink/ip";
import { networkText } from "../rtnetlink/network";
import type { Setting } from "../settings/kinds";
import type { DirectorOptions, Mode } from "./options";

/** What a mode needs of the kernel beyond the VIP itself. */
interface Needs {
  /** Servers' answers come back through the director, which passes them on to clients. */
  readonly forwarding: boolean;
  /**
   * No ICMP redirects: where clients and servers share a network, they would
   * tell the servers to answer past the director.
   */
  readonly noRedirects: boolean;
  /** IPVS keeps its connections in connection tracking, by which source NAT works; and source NAT. */
  readonly sourceNat: boolean;
}

/**
 * DR and TUN need none: IPVS sends packets out itself, as if they were the
 * director's own (ip_vs_dr_xmit in net/netfilter/ipvs/ip_vs_xmit.c), and
 * answers come past it.
 */
const NEEDS: Readonly<Record<Mode, Needs>> = {
  dr: { forwarding: false, noRedirects: false, sourceNat: false },
  tun: { forwarding: false, noRedirects: false, sourceNat: false },
  nat: { forwarding: true, noRedirects: true, sourceNat: false },
  fullnat: { forwarding: true, noRedirects: false, sourceNat: true },
};

const sysctl = (key: string, value: number): Setting => ({ kind: "sysctl", key, value });

const IPV6: Setting = { kind: "module", name: "ipv6" };

/** IPv6 has no such setting: the servers must not heed redirects (accept_redirects). */
const noRedirects = (family: Family, dev: string): Setting[] =>
  family === AF.INET6 ? [] : ["all", dev].map((device) => sysctl(`net/ipv4/conf/${device}/send_redirects`, 0));

const sourceNat = ({ address, family }: IpAddress, { serverNets }: DirectorOptions): Setting[] => [
  { kind: "module", name: "ip_vs" },
  sysctl("net/ipv4/vs/conntrack", 1),
  ...serverNets
    .filter((network) => network.family === family)
    .map((network): Setting => ({ kind: "source-nat", vip: address, servers: networkText(network) })),
];

/** Of names of addresses, LINK:N, in IFNAMSIZ bytes with a NUL: room for N up to 99. */
const LONGEST_LABELLED = 12;

/** The VIP, and what makes the kernel announce it whenever the device comes up. */
const ADDRESS: Readonly<Record<Family, (address: string, dev: string) => Setting[]>> = {
  [AF.INET]: (address, dev) => [
    sysctl(`net/ipv4/conf/${dev}/arp_notify`, 1),
    { kind: "address", link: dev, address, numbered: dev.length <= LONGEST_LABELLED },
  ],
  [AF.INET6]: (address, dev) => [
    sysctl(`net/ipv6/conf/${dev}/ndisc_notify`, 1),
    // Once no other machine answers for it, the kernel announces it.
    { kind: "address", link: dev, address, numbered: false, asking: true },
    { kind: "unique-address", link: dev, address },
  ],
};

/** What a director needs for a VIP, in the order of applying. */
export function wantedFor(vip: IpAddress, options: DirectorOptions): Setting[] {
  const { family, address } = vip;
  const needs = NEEDS[options.mode];
  return [
    ...(family === AF.INET6 ? [IPV6] : []),
    ...(needs.noRedirects ? noRedirects(family, options.dev) : []),
    ...(needs.forwarding ? [{ kind: "forwarding", family } satisfies Setting] : []),
    ...(needs.sourceNat ? sourceNat(vip, options) : []),
    ...ADDRESS[family](address, options.dev),
  ];
}
