/**
 * The numbers of linux/ip_vs.h, and of the address families and protocols that
 * it uses: enums, which the bundlers write in place of their names.
 */

/** AF_*. */
export enum AF { INET = 2, INET6 = 10 }

/** IPPROTO_*. */
export enum IPPROTO { TCP = 6, UDP = 17, SCTP = 132 }

/** IPVS_GENL_NAME and IPVS_GENL_VERSION. */
export const GENL_NAME = "IPVS";
export const GENL_VERSION = 1;

/** enum ip_vs genl commands, IPVS_CMD_*. */
export enum CMD {
  NEW_SERVICE = 1,
  SET_SERVICE = 2,
  DEL_SERVICE = 3,
  GET_SERVICE = 4,
  NEW_DEST = 5,
  SET_DEST = 6,
  DEL_DEST = 7,
  GET_DEST = 8,
  NEW_DAEMON = 9,
  DEL_DAEMON = 10,
  GET_DAEMON = 11,
  SET_CONFIG = 12,
  GET_CONFIG = 13,
  SET_INFO = 14,
  GET_INFO = 15,
  ZERO = 16,
  FLUSH = 17,
}

/** IPVS_CMD_ATTR_*: the top level. */
export enum TOP { SERVICE = 1, DEST = 2, DAEMON = 3, TIMEOUT_TCP = 4, TIMEOUT_TCP_FIN = 5, TIMEOUT_UDP = 6 }

/** IPVS_SVC_ATTR_*. */
export enum SVC {
  AF = 1,
  PROTOCOL = 2,
  ADDR = 3,
  PORT = 4,
  FWMARK = 5,
  SCHED_NAME = 6,
  FLAGS = 7,
  TIMEOUT = 8,
  NETMASK = 9,
  STATS = 10,
  PE_NAME = 11,
  STATS64 = 12,
}

/** IPVS_DEST_ATTR_*. */
export enum DEST {
  ADDR = 1,
  PORT = 2,
  FWD_METHOD = 3,
  WEIGHT = 4,
  U_THRESH = 5,
  L_THRESH = 6,
  ACTIVE_CONNS = 7,
  INACT_CONNS = 8,
  PERSIST_CONNS = 9,
  STATS = 10,
  ADDR_FAMILY = 11,
  STATS64 = 12,
  TUN_TYPE = 13,
  TUN_PORT = 14,
  TUN_FLAGS = 15,
}

/** IPVS_DAEMON_ATTR_*. */
export enum DAEMON {
  STATE = 1,
  MCAST_IFN = 2,
  SYNC_ID = 3,
  SYNC_MAXLEN = 4,
  MCAST_GROUP = 5,
  MCAST_GROUP6 = 6,
  MCAST_PORT = 7,
  MCAST_TTL = 8,
}

/** IPVS_INFO_ATTR_*. */
export enum INFO { VERSION = 1, CONN_TAB_SIZE = 2 }

/** IP_VS_SVC_F_*. */
export enum SVC_F { PERSISTENT = 0x1, HASHED = 0x2, ONEPACKET = 0x4, SCHED1 = 0x8, SCHED2 = 0x10, SCHED3 = 0x20 }

/** IP_VS_CONN_F_FWD_MASK and the forwarding methods that it covers. */
export const FWD_MASK = 0x7;
export enum FWD { MASQ = 0, LOCALNODE = 1, TUNNEL = 2, DROUTE = 3, BYPASS = 4 }

/** IP_VS_CONN_F_TUNNEL_TYPE_*. */
export enum TUNNEL { IPIP = 0, GUE = 1, GRE = 2 }

/** IP_VS_TUNNEL_ENCAP_FLAG_*: bits. */
export enum TUNNEL_F { NOCSUM = 0, CSUM = 1, REMCSUM = 2 }

/** IP_VS_STATE_*. */
export enum STATE { MASTER = 1, BACKUP = 2 }

/** The longest names, in bytes, without the NUL: IP_VS_SCHEDNAME_MAXLEN, IP_VS_PENAME_MAXLEN, IP_VS_IFNAME_MAXLEN. */
export const SCHEDNAME_MAX = 15;
export const PENAME_MAX = 15;
export const IFNAME_MAX = 15;

/** IPVS_STATS_ATTR_*. */
export enum STATS {
  CONNS = 1,
  INPKTS = 2,
  OUTPKTS = 3,
  INBYTES = 4,
  OUTBYTES = 5,
  /** And the same five as rates. */
  CPS = 6,
}
