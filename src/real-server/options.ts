/** How packets reach a real server: as they are, or in a tunnel, unwrapped by a device. */
export const TUNNELS = ["ipip", "gre", "gue"] as const;
export type Tunnel = (typeof TUNNELS)[number];

export interface RealServerOptions {
  /** Undefined for direct routing. */
  readonly tunnel: Tunnel | undefined;
  /** The UDP port of GUE. */
  readonly port: number;
}

/** What IANA has given to GUE, and `ip fou` and ipvsadm's examples take. */
export const GUE_PORT = 6080;

export const DIRECT_ROUTING: RealServerOptions = { tunnel: undefined, port: GUE_PORT };
