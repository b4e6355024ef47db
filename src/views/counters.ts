const WIDTH = 9;
/** What most of a long table's are. */
const NOTHING = "        0";

/** A counter in a column of nine characters; `exact` shows it whole, after at least one space. */
export function formatCounter(value: bigint, exact: boolean): string {
  if (value === 0n) return NOTHING;
  if (exact) return ` ${value}`.padStart(WIDTH);
  return shortened(value).padStart(WIDTH);
}

/** Below 100 million a counter is shown whole; above, in the largest unit that keeps eight digits. */
function shortened(value: bigint): string {
  if (value < 100_000_000n) return String(value);
  if (value < 1_000_000_000n) return `${value / 1_000n}K`;
  if (value < 100_000_000_000n) return `${value / 1_000_000n}M`;
  if (value < 100_000_000_000_000n) return `${value / 1_000_000_000n}G`;
  return `${value / 1_000_000_000_000n}T`;
}
