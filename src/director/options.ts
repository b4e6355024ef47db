import { type Network, networkText, parseNetwork } from "../rtnetlink/network";

/** How the director's packets reach the real servers, as ipvsadm has it (-m, -g, -i); fullnat is -m with source NAT. */
export const MODES = ["nat", "dr", "tun", "fullnat"] as const;
export type Mode = (typeof MODES)[number];

export interface DirectorOptions {
  /** The network device that has the VIP. */
  readonly dev: string;
  readonly mode: Mode;
  /** For fullnat: where the servers are. */
  readonly serverNets: readonly Network[];
}

export const DEFAULT_MODE: Mode = "dr";

/** As they are typed, and recorded. */
export const wordsOfOptions = ({ dev, mode, serverNets }: DirectorOptions): string[] => [
  ...["--dev", dev, "--mode", mode],
  ...serverNets.flatMap((network) => ["--server-net", networkText(network)]),
];

/** What was recorded; undefined where it is nothing that we have recorded. */
export function optionsOfWords(words: readonly string[]): DirectorOptions | undefined {
  let dev: string | undefined;
  let mode: Mode | undefined;
  const serverNets: Network[] = [];
  for (let at = 0; at < words.length; at += 2) {
    const value = words[at + 1] ?? "";
    if (words[at] === "--dev") dev = value;
    else if (words[at] === "--mode") mode = MODES.find((one) => one === value);
    else {
      const network = parseNetwork(value);
      if (typeof network === "string") return undefined;
      serverNets.push(network);
    }
  }
  return dev === undefined || mode === undefined ? undefined : { dev, mode, serverNets };
}
