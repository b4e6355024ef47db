/** The lines of a file of rules: words with their places, and what is wrong with the bytes. */
import { isUtf8 } from "node:buffer";

export interface Line {
  /** Counted from 1. */
  readonly number: number;
  readonly text: string;
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
const BLANK = /[ \t\r]+/;
const ODD_BLANK = /[\t\r]/;
const EMPTY = /^[ \t\r]*(ipvsadm[ \t\r]*)?$/;
/** Says nothing, wherever it stands. */
const PROGRAM = "ipvsadm";
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
  // Nearly always all of it is text.
  const clean = isUtf8(input) && !input.includes(0);
  const texts = clean ? input.toString("utf8").split("\n") : splitBytes(input);
  for (let index = 0; index < texts.length; index++) {
    const number = index + 1;
    const bytes = texts[index]!;
    const text = typeof bytes === "string" ? bytes : bytes.toString("utf8");
    const problem = typeof bytes === "string" && text.length <= LONGEST_LINE ? undefined : problemOf(text, Buffer.from(bytes));
    if (problem !== undefined) {
      problems.push({ line: number, ...problem });
      continue;
    }
    if (options.comments && COMMENT.test(text)) continue;
    if (!EMPTY.test(text)) lines.push({ number, text });
  }
  return { lines, problems };
}

/** Found anew by whoever asks: long files have many, and need them once. */
export function wordsOf({ text }: Line): string[] {
  const words = text.split(ODD_BLANK.test(text) ? BLANK : " ");
  return words.includes("") || words.includes(PROGRAM) ? words.filter((word) => word !== "" && word !== PROGRAM) : words;
}

/** Where a word of a line stands, counted in characters from 1; 1 where there is no such word. */
export function columnOf({ text }: Line, word: number): number {
  const found = [...text.matchAll(WORD)].filter(([match]) => match !== PROGRAM)[word];
  return found === undefined ? 1 : characters(text, found.index) + 1;
}

function problemOf(text: string, bytes: Buffer): { column: number; message: string } | undefined {
  if (text.length > LONGEST_LINE) {
    return { column: LONGEST_LINE + 1, message: `a line of ${bytes.length} bytes is no rule` };
  }
  const nul = text.indexOf("\0");
  if (nul >= 0) return { column: characters(text, nul) + 1, message: "a NUL byte" };
  if (!isUtf8(bytes)) return { column: characters(text, text.indexOf("\ufffd")) + 1, message: "bytes that are not UTF-8" };
  return undefined;
}

/** How many characters stand before an index. */
const characters = (text: string, index: number): number => [...text.slice(0, index)].length;

function splitBytes(input: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  let start = 0;
  for (let end = input.indexOf(0x0a); end >= 0; end = input.indexOf(0x0a, start)) {
    lines.push(input.subarray(start, end));
    start = end + 1;
  }
  return [...lines, input.subarray(start)];
}

export const showProblem = (source: string, { line, column, message }: Problem): string =>
  `${source}:${line}:${column}: ${message}`;
