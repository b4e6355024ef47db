/** Numbers as the C library reads them: white space and a sign may come first. */

const LONG = /^[ \t\n\v\f\r]*[+-]?[0-9]+$/;
const LEADING = /^[ \t\n\v\f\r]*[+-]?[0-9]+/;

/** A whole decimal number from `min` to `max`, or undefined. */
export function parseNumber(text: string, min: number, max: number): number | undefined {
  if (!LONG.test(text)) return undefined;
  const number = Number(text);
  return number >= min && number <= max ? number : undefined;
}

/** The number that a text begins with, or 0, as atoi has it. */
export const leadingNumber = (text: string): number => Number(LEADING.exec(text)?.[0] ?? 0);
