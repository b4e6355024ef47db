import type { Suite } from "../../lab";
import { directorAnnouncements } from "./announcements";
import { directorKills } from "./kills";
import { directorOriginals } from "./originals";
import { directorRefusals } from "./refusals";
import { directorSeveral } from "./several";
import { directorTraffic } from "./traffic";

export const DIRECTOR_SUITES: readonly Suite[] = [
  directorOriginals,
  directorSeveral,
  directorAnnouncements,
  directorTraffic,
  directorKills,
  directorRefusals,
];

/** What differs most between kernels: announcements, and the firewall. */
export const DIRECTOR_SHORT: readonly Suite[] = [directorAnnouncements, directorTraffic];
