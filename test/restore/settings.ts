/** What the caller of the tests chose. */

/** The long forms: FULL=1. */
export const FULL = process.env["FULL"] === "1";

/** What random things come from, so that a failure can be had again: SEED=N. */
export const SEED = Number(process.env["SEED"] ?? Date.now() % 1_000_000);
