/** Every scenario, in the order in which they are listed and played. */
import type { Scenario } from "../story";
import { directRouting } from "./direct-routing";
import { schedulers } from "./schedulers";

export const SCENARIOS: readonly Scenario[] = [
  directRouting,
  schedulers,
];

/** The few that are played where time is short (LAB_SHARE). */
export const SHARE: readonly string[] = ["nat", "fullnat", "tun-gue"];
