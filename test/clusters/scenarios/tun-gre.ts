/** The same with a GRE header in between. */
import { tunnelScenario } from "./tunnel";

export const gre = tunnelScenario({
  name: "tun-gre",
  title: "TUN with GRE: real servers in another network, over IPv4 and IPv6",
  tunnel: "gre",
  options: ["--tun-type", "gre"],
  how: "A GRE header stands between the two IP headers: gre0 and ip6gre0 unwrap it.",
});
