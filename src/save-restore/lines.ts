/** The lines of a file of rules: words with their places, and what is wrong with the bytes. */

import { isUtf8 } from "node:buffer";

export interface Line {
  /** Counted from 1. */
  readonly number: number;
  readonly text: string;
  readonly words: readonly string[];
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
  for (const [index, { text, notUtf8 }] of texts(input).entries()) {
    const number = index + 1;
    const problem = problemOf(text, notUtf8);
    if (problem !== undefined) {
      problems.push({ line: number, ...problem });
      continue;
    }
    if (options.comments && COMMENT.test(text)) continue;
    const words = text.split(BLANK).filter((word) => word !== "" && word !== PROGRAM);
    if (words.length > 0) lines.push({ number, text, words });
  }
  return { lines, problems };
}

/** Where a word of a line stands, counted in characters from 1; 1 where there is no such word. */
export function columnOf({ text }: Line, word: number): number {
  const found = [...text.matchAll(WORD)].filter(([match]) => match !== PROGRAM)[word];
  return found === undefined ? 1 : characters(text, found.index) + 1;
}

function problemOf(text: string, notUtf8: Buffer | undefined): { column: number; message: string } | undefined {
  if (text.length > LONGEST_LINE) {
    return { column: LONGEST_LINE + 1, message: `a line of ${notUtf8?.length ?? Buffer.byteLength(text)} bytes is no rule` };
  }
  const nul = text.indexOf("\0");
  if (nul >= 0) return { column: characters(text, nul) + 1, message: "a NUL byte" };
  if (notUtf8 !== undefined) return { column: characters(text, text.indexOf("\ufffd")) + 1, message: "bytes that are not UTF-8" };
  return undefined;
}

/** How many characters stand before an index. */
const characters = (text: string, index: number): number => [...text.slice(0, index)].length;

/** The lines of an input, with the bytes of those that are not UTF-8. */
function texts(input: Buffer): { text: string; notUtf8?: Buffer }[] {
  if (isUtf8(input)) return input.toString("utf8").split("\n").map((text) => ({ text }));
  return splitBytes(input).map((bytes) => ({ text: bytes.toString("utf8"), ...(isUtf8(bytes) ? {} : { notUtf8: bytes }) }));
}

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
