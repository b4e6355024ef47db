/** Where time is short: the caller of the tests plays a share of them. */
import { SEED } from "../restore/settings";

/** One case of so many is played: LAB_SHARE. */
export const SHARE = Number(process.env["LAB_SHARE"] ?? 1);

/** The cases whose turn it is: the seed chooses, so that in time all are played. */
export const share = <T>(cases: readonly T[]): readonly T[] => cases.filter((_, index) => (index + SEED) % SHARE === 0);

/** What is done so many times, and at least once. */
export const shareOf = (times: number): number => Math.max(1, Math.ceil(times / SHARE));
