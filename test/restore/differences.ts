/** What differs, in a few words. */

/** Of a line, and of a list, so much is shown. */
const LINE = 300;
const LINES = 5;

/** The lines of one table that another lacks, both ways. */
export function tableDifferences(wanted: readonly string[], found: readonly string[]): string[] {
  const lacks = (some: readonly string[], others: readonly string[]): string[] => {
    const there = new Set(others);
    return some.filter((line) => !there.has(line));
  };
  return [
    ...lacks(wanted, found).slice(0, LINES).map((line) => `not in the table: ${line}`),
    ...lacks(found, wanted).slice(0, LINES).map((line) => `in the table, and should not be: ${line}`),
  ];
}

/** The first line in which two texts differ, for texts that may be a megabyte. */
export function textDifferences(wanted: string, found: string): string[] {
  if (wanted === found) return [];
  const [wants, has] = [wanted.split("\n"), found.split("\n")];
  const at = has.findIndex((line, index) => line !== wants[index]);
  const first = at < 0 ? has.length : at;
  return [`line ${first + 1} should be: ${wants[first]?.slice(0, LINE)}`, `line ${first + 1} is:        ${has[first]?.slice(0, LINE)}`];
}
