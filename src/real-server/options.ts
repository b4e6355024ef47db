/** How packets reach a real server: as they are, or in a tunnel, unwrapped by a device. */
export const TUNNELS = ["ipip", "gre", "gue"] as const;
export type Tunnel = (typeof TUNNELS)[number];

/** Of which IP the packets of a tunnel are, where it is not the VIP's own. */
export const OUTERS = ["ipv4", "ipv6"] as const;
export type Outer = (typeof OUTERS)[number];

export interface RealServerOptions {
  /** Undefined for direct routing. */
  readonly tunnel: Tunnel | undefined;
  /** The UDP port of GUE. */
  readonly port: number;
  readonly outer?: Outer;
}

/** What IANA has given to GUE, and `ip fou` and ipvsadm's examples take. */
export const GUE_PORT = 6080;

export const DIRECT_ROUTING: RealServerOptions = { tunnel: undefined, port: GUE_PORT };

/** As they are typed, and recorded. */
export const wordsOfOptions = ({ tunnel, port, outer }: RealServerOptions): string[] =>
  tunnel === undefined
    ? []
    : ["--tunnel", tunnel, ...(tunnel === "gue" ? ["--port", String(port)] : []), ...(outer === undefined ? [] : ["--outer", outer])];

/** What was recorded. */
export function optionsOfWords(words: readonly string[]): RealServerOptions {
  const valueOf = (option: string): string | undefined => words[words.indexOf(option) + 1 || words.length];
  const tunnel = TUNNELS.find((one) => one === valueOf("--tunnel"));
  if (tunnel === undefined) return DIRECT_ROUTING;
  const outer = OUTERS.find((one) => one === valueOf("--outer"));
  return { tunnel, port: Number(valueOf("--port") ?? GUE_PORT), ...(outer === undefined ? {} : { outer }) };
}
