/** Below 100 million a counter is shown whole; above, in the largest unit that keeps eight digits. */
const WHOLE = 100_000_000n;
const UNITS = [
  { below: 1_000_000_000n, divisor: 1_000n, letter: "K" },
  { below: 100_000_000_000n, divisor: 1_000_000n, letter: "M" },
  { below: 100_000_000_000_000n, divisor: 1_000_000_000n, letter: "G" },
] as const;
const LARGEST = { divisor: 1_000_000_000_000n, letter: "T" } as const;
const WIDTH = 9;

/** What most of a long table's are. */
const NOTHING = "0".padStart(WIDTH);

/** A counter in a column of nine characters; `exact` shows it whole, after at least one space. */
export function formatCounter(value: bigint, exact: boolean): string {
  if (value === 0n) return NOTHING;
  if (exact) return ` ${value}`.padStart(WIDTH);
  if (value < WHOLE) return String(value).padStart(WIDTH);
  const { divisor, letter } = UNITS.find(({ below }) => value < below) ?? LARGEST;
  return `${value / divisor}${letter}`.padStart(WIDTH);
}
