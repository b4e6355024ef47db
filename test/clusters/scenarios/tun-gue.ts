/** The same in UDP. */
import { tunnelScenario } from "./tunnel";

export const gue = tunnelScenario({
  name: "tun-gue",
  title: "TUN with GUE: packets in UDP, which any network lets pass, over IPv4 and IPv6",
  tunnel: "gue",
  port: 6080,
  options: ["--tun-type", "gue", "--tun-port", "6080", "--tun-nocsum"],
  how: "UDP and a GUE header stand between the two IP headers. The port is given to the kernel (fou), which takes both off; tunl0 and ip6tnl0 do the rest.",
});
