/** Every scenario, in the order in which they are listed and played. */
import type { Scenario } from "../story";
import { arpProblem } from "./arp-problem";
import { directRouting } from "./direct-routing";
import { ecmpMh } from "./ecmp-mh";
import { quiescing } from "./quiescing";
import { schedulers } from "./schedulers";
import { thresholds } from "./thresholds";
import { ldirectord } from "./ldirectord";
import { highAvailability } from "./high-availability";

export const SCENARIOS: readonly Scenario[] = [
  directRouting,
  schedulers,
  thresholds,
  quiescing,
  arpProblem,
  highAvailability,
  ecmpMh,
  ldirectord,
];

/** The few that are played where time is short (LAB_SHARE). */
export const SHARE: readonly string[] = ["nat", "fullnat", "tun-gue"];
