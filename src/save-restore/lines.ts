/** The lines of a file of rules: words with their places, and what is wrong with the bytes. */

export interface Word {
  readonly text: string;
  /** Counted in characters, from 1. */
  readonly column: number;
}

export interface Line {
  /** Counted from 1. */
  readonly number: number;
  readonly words: readonly Word[];
}

/** What is wrong with an input, and where. */
export interface Problem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** No rule is anywhere near as long, in characters. */
const LONGEST_LINE = 8_192;
const WORD = /[^ \t\r]+/g;
const COMMENT = /^[ \t]*#/;

/**
 * White space parts the words of a line; the word "ipvsadm" may stand
 * anywhere and says nothing; a line without words is none.
 */
export function splitLines(
  input: Buffer,
  options: { readonly comments: boolean },
): { lines: Line[]; problems: Problem[] } {
  const lines: Line[] = [];
  const problems: Problem[] = [];
  for (const [index, bytes] of splitBytes(input).entries()) {
    const number = index + 1;
    const text = bytes.toString("utf8");
    const problem = problemOf(text, bytes);
    if (problem !== undefined) {
      problems.push({ line: number, ...problem });
      continue;
    }
    if (options.comments && COMMENT.test(text)) continue;
    const ascii = text.length === bytes.length;
    const words: Word[] = [];
    for (const match of text.matchAll(WORD)) {
      if (match[0] !== "ipvsadm") words.push({ text: match[0], column: (ascii ? match.index : characters(text, match.index)) + 1 });
    }
    if (words.length > 0) lines.push({ number, words });
  }
  return { lines, problems };
}

function problemOf(text: string, bytes: Buffer): { column: number; message: string } | undefined {
  if (text.length > LONGEST_LINE) {
    return { column: LONGEST_LINE + 1, message: `a line of ${bytes.length} bytes is no rule` };
  }
  const nul = text.indexOf("\0");
  if (nul >= 0) return { column: characters(text, nul) + 1, message: "a NUL byte" };
  const wrong = text.indexOf("\ufffd");
  if (wrong >= 0 && !Buffer.from(text).equals(bytes)) return { column: characters(text, wrong) + 1, message: "bytes that are not UTF-8" };
  return undefined;
}

/** How many characters stand before an index. */
const characters = (text: string, index: number): number => [...text.slice(0, index)].length;

function splitBytes(input: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  let start = 0;
  while (start < input.length) {
    const end = input.indexOf(0x0a, start);
    if (end < 0) break;
    lines.push(input.subarray(start, end));
    start = end + 1;
  }
  if (start < input.length) lines.push(input.subarray(start));
  return lines;
}

export const showProblem = (source: string, { line, column, message }: Problem): string =>
  `${source}:${line}:${column}: ${message}`;
