import type { Suite } from "../lab";
import { care } from "./care";
import { DIRECTOR_SHORT, DIRECTOR_SUITES } from "./director";
import { killed } from "./killed";
import { managers } from "./managers";
import { originals } from "./originals";
import { outer } from "./outer";
import { persistence } from "./persist";
import { refused } from "./refused";
import { renamed } from "./renamed";
import { shown } from "./shown";
import { silence } from "./silence";
import { unprivileged } from "./unprivileged";
import { vrf } from "./vrf";
import { watch, watchShort } from "./watch";

export const SUITES: readonly Suite[] = [
  ...[originals, silence, renamed, unprivileged, care, outer, shown, refused, persistence, managers, killed, vrf, watch],
  ...DIRECTOR_SUITES,
];
/** Where time is short (LAB_SHARE): what was there before comes back, whatever happens; and what others see of it. */
export const SHORT: readonly Suite[] = [
  ...[originals, silence, renamed, unprivileged, care, killed, watchShort],
  ...DIRECTOR_SHORT,
];
/** Where another kernel has played those: what differs most between kernels. */
export const SHORTEST: readonly Suite[] = [originals, silence, ...DIRECTOR_SHORT];
