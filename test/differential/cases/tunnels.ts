/** Every tunnel type with every set of tunnel options, over IPv4 and IPv6, and for other forwarding methods. */
import { TUNNEL_TYPES } from "../../../src/command-line/legality";
import type { Group } from "./case";
import { OPTION_SAMPLES, SAMPLE_RULES, SERVICE } from "./samples";

const OPTIONS = ["tun-port", "tun-nocsum", "tun-csum", "tun-remcsum"] as const;
const subsets = Array.from({ length: 1 << OPTIONS.length }, (_, bits) => OPTIONS.filter((_, index) => bits & (1 << index)));
const types = [...TUNNEL_TYPES.map((type) => ["--tun-type", type]), [], ["--tun-type", "vxlan"], ["--tun-type", ""]];

const servers = (forwarding: string, server: string) =>
  types.flatMap((type) =>
    subsets.map((subset) => ({
      words: ["-a", "-t", SERVICE, "-r", server, forwarding, ...type, ...subset.flatMap((option) => OPTION_SAMPLES[option])],
    })),
  );

export const tunnels: Group[] = [
  { name: "tunnel type × option, IPv4", rules: SAMPLE_RULES, cases: servers("-i", "10.1.0.9") },
  { name: "tunnel type × option, IPv6", rules: SAMPLE_RULES, cases: servers("-i", "[2001:db8::9]:80") },
  { name: "tunnel options without a tunnel", rules: SAMPLE_RULES, cases: [...servers("-m", "10.1.0.9"), ...servers("-g", "10.1.0.9")].filter((_, index) => index % 5 === 0) },
];
