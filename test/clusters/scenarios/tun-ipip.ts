/** IP in IP, the tunnel that LVS began with. */
import { tunnelScenario } from "./tunnel";

export const ipip = tunnelScenario({
  name: "tun-ipip",
  title: "TUN with ipip: real servers in another network, over IPv4 and IPv6",
  tunnel: "ipip",
  options: ["--tun-type", "ipip"],
  how: "A packet of the client travels whole, as the content of another IP packet from the director to the server (protocol 4, and 41 for IPv6 in IPv6). tunl0 and ip6tnl0 unwrap it.",
});
