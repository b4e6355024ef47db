import type { Suite } from "../lab";
import { care } from "./care";
import { DIRECTOR_SHORT, DIRECTOR_SUITES } from "./director";
import { killed } from "./killed";
import { managers } from "./managers";
import { originals } from "./originals";
import { persistence } from "./persist";
import { refused } from "./refused";
import { shown } from "./shown";

export const SUITES: readonly Suite[] = [originals, care, shown, refused, persistence, managers, killed, ...DIRECTOR_SUITES];
/** Where time is short (LAB_SHARE): what was there before comes back, whatever happens; and what others see of it. */
export const SHORT: readonly Suite[] = [originals, care, killed, ...DIRECTOR_SHORT];
