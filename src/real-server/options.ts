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

/** As they are typed, and recorded. */
export const wordsOfOptions = ({ tunnel, port }: RealServerOptions): string[] =>
  tunnel === undefined ? [] : ["--tunnel", tunnel, ...(tunnel === "gue" ? ["--port", String(port)] : [])];

/** What was recorded. */
export function optionsOfWords([, tunnel, , port]: readonly string[]): RealServerOptions {
  const known = TUNNELS.find((one) => one === tunnel);
  return known === undefined ? DIRECT_ROUTING : { tunnel: known, port: port === undefined ? GUE_PORT : Number(port) };
}
