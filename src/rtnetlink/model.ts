import type { Family } from "../ipvs/model";

/** A network device. */
export interface Link {
  readonly index: number;
  readonly name: string;
  /** What made it: "veth", "ipip", "sit"; undefined for loopback and hardware. */
  readonly kind: string | undefined;
  /** IFF_UP and its kin. */
  readonly flags: number;
  /** The hardware address, such as "02:00:5e:00:53:01"; empty where it has none. */
  readonly mac: string;
  /** The index of the bridge, bond or VRF that it belongs to; undefined for none. */
  readonly master: number | undefined;
}

/** How packets to an address leave, as the routes are now. */
export interface Route {
  /** RTN_LOCAL and its kin. */
  readonly type: number;
  /** The index of the device; undefined where the kernel names none. */
  readonly index: number | undefined;
}

/** A neighbour for which a device answers, "ip neighbour add proxy". */
export interface ProxyNeighbour {
  /** Of the device. */
  readonly index: number;
  /** As inet_ntop writes it. */
  readonly address: string;
}

/** An address of a device. */
export interface LinkAddress {
  /** Of the device. */
  readonly index: number;
  readonly family: Family;
  /** As inet_ntop writes it. */
  readonly address: string;
  readonly prefix: number;
  /** IFA_F_NODAD and its kin. */
  readonly flags: number;
  /** RT_SCOPE_UNIVERSE and its kin. */
  readonly scope: number;
  /** What ifconfig(8) calls it, such as "lo:0"; the kernel gives IPv4 addresses the name of their device. */
  readonly label: string | undefined;
}

/** An address to be added. */
export interface NewAddress extends LinkAddress {
  /** IPv6: not to be the source of packets where there is another (a preferred lifetime of 0). */
  readonly deprecated?: boolean;
}

/** A UDP port whose datagrams are unwrapped. */
export interface FouPort {
  readonly port: number;
  readonly family: Family;
  /** FOU_ENCAP_DIRECT or FOU_ENCAP_GUE. */
  readonly type: number;
  /** What is inside, IPPROTO_*; 0 for GUE, which says it itself. */
  readonly protocol: number;
}
