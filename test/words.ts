/** The words of ipvsadm's command line: one for each letter, or where there is none, for the long name. */
import { type LongName, longNames, SPELLING } from "../src/command-line/options";
import type { Argument } from "../src/command-line/popt";

export interface Word {
  readonly long: LongName;
  readonly short?: string;
  readonly argument: Argument;
}

const LETTERS = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));

export const WORDS: readonly Word[] = longNames().flatMap((long): Word[] => {
  const argument = SPELLING.argument(long);
  const letters = LETTERS.filter((letter) => SPELLING.lettered(letter) === long);
  return letters.length === 0 ? [{ long, argument }] : letters.map((short) => ({ long, short, argument }));
});
