/** Every scenario, in the order in which they are listed and played. */
import type { Scenario } from "../story";
import { arpProblem } from "./arp-problem";
import { directRouting } from "./direct-routing";
import { directRouting6 } from "./dr-6";
import { ecmpMh } from "./ecmp-mh";
import { fullnat } from "./fullnat";
import { fwmark } from "./fwmark";
import { highAvailability } from "./high-availability";
import { ldirectord } from "./ldirectord";
import { nat } from "./nat";
import { onePacketUdp } from "./one-packet-udp";
import { ospfBird, ospfFrr, ospfTrixie } from "./ospf";
import { persistence } from "./persistence";
import { quiescing } from "./quiescing";
import { schedulers } from "./schedulers";
import { sctp } from "./sctp";
import { thresholds } from "./thresholds";
import { gre } from "./tun-gre";
import { gue } from "./tun-gue";
import { ipip } from "./tun-ipip";

export const SCENARIOS: readonly Scenario[] = [
  directRouting,
  directRouting6,
  nat,
  fullnat,
  ipip,
  gre,
  gue,
  fwmark,
  persistence,
  onePacketUdp,
  sctp,
  schedulers,
  thresholds,
  quiescing,
  arpProblem,
  highAvailability,
  ecmpMh,
  ospfFrr,
  ospfBird,
  ospfTrixie,
  ldirectord,
];

/** What is played whatever the share (LAB_SHARE) is: routers, and a firewall, which differ most between kernels. */
export const ALWAYS: readonly Scenario[] = [ospfFrr];
export const SHORTEST: readonly Scenario[] = [fullnat];
