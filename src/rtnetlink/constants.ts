/** Message types, linux/rtnetlink.h. */
export enum RTM { NEWLINK = 16, DELLINK = 17, GETLINK = 18, NEWADDR = 20, DELADDR = 21, GETADDR = 22, NEWROUTE = 24, DELROUTE = 25, GETROUTE = 26, NEWNEIGH = 28, DELNEIGH = 29, GETNEIGH = 30 }

/** Attributes of a link, linux/if_link.h. */
export enum IFLA { ADDRESS = 1, IFNAME = 3, MASTER = 10, LINKINFO = 18, EXT_MASK = 29 }
/** Inside of IFLA.LINKINFO. */
export enum LINK_INFO { KIND = 1, DATA = 2 }
/** Inside of LINK_INFO.DATA of a tunnel, and its flag that packets may come from an address of this machine: linux/if_tunnel.h, linux/ip6_tunnel.h. */
export enum IFLA_IPTUN { FLAGS = 8, COLLECT_METADATA = 19 }
export const IP6_TNL_F_ALLOW_LOCAL_REMOTE = 0x40;
/** For IFLA.EXT_MASK: counters of no use here make long messages. */
export const RTEXT_FILTER_SKIP_STATS = 8;

/** Flags of a link, linux/if.h. */
export enum IFF { UP = 0x1, LOOPBACK = 0x8, RUNNING = 0x40, NOARP = 0x80 }

/** Attributes of an address, linux/if_addr.h. */
export enum IFA { ADDRESS = 1, LOCAL = 2, LABEL = 3, CACHEINFO = 6, FLAGS = 8 }
/** Flags of an address: no duplicate address detection; it failed; not done yet; no route to its network. */
export enum IFA_FLAG { NODAD = 0x02, DADFAILED = 0x08, TENTATIVE = 0x40, PERMANENT = 0x80, NOPREFIXROUTE = 0x200 }

/** Attributes of a neighbour; the flag that asks the kernel to find it out at once, and that of those it answers for: linux/neighbour.h. */
export enum NDA { DST = 1 }
export const NTF_USE = 1;
export const NTF_PROXY = 8;

/** Where an address is valid, linux/rtnetlink.h. */
export enum RT_SCOPE { UNIVERSE = 0, LINK = 253, HOST = 254 }

/** The family "fou", linux/fou.h. */
export const FOU = { NAME: "fou", VERSION: 1, ADD: 1, DELETE: 2, GET: 3 } as const;
export enum FOU_ATTRIBUTE { PORT = 1, FAMILY = 2, PROTOCOL = 3, TYPE = 4 }
/** FOU_ENCAP_DIRECT and FOU_ENCAP_GUE. */
export enum FOU_TYPE { DIRECT = 1, GUE = 2 }

/** Groups that the kernel tells of changes, RTNLGRP_* of linux/rtnetlink.h. */
export enum GROUP { LINK = 1, IPV4_ADDRESS = 5, IPV4_ROUTE = 7, IPV6_ADDRESS = 9, IPV6_ROUTE = 11, IPV4_NETCONF = 24, IPV6_NETCONF = 25 }

/** The table of the addresses of this machine itself; a route of this type delivers to it. linux/rtnetlink.h. */
export const RT_TABLE_LOCAL = 255;
export const RTN_LOCAL = 2;
/** Attributes of a route. */
export enum RTA { DST = 1, OIF = 4 }
