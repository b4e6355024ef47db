/** The lines of a file of rules: words with their places, and what is wrong with the bytes. */
import { isUtf8 } from "node:buffer";
import { CODE } from "../character-codes";

/** Where something stands in an input: both counted from 1, the column in characters. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** What is wrong with an input, and where. */
export interface Problem extends Place {
  readonly message: string;
}

/** A line that could not be read, and what words it seems to have. */
export interface UnreadLine extends Problem {
  readonly words: readonly string[];
  /** It is a comment: nothing was asked for there. */
  readonly comment: boolean;
}

/** Which lines are comments: those whose first character is "#", or whose first that is no blank. */
export type Comments = "unindented" | "indented";

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
 * Hands out the lines of an input that have words, one after the other: a
 * long file's are never all in memory. White space parts the words of a line;
 * the word "ipvsadm" may stand anywhere and says nothing.
 */
export class Lines {
  /** What is wrong with the bytes, up to this line. */
  readonly problems: UnreadLine[] = [];
  /** Of this line, counted from 1. */
  number = 0;
  text = "";
  private start = 0;
  /** All of it, where it is text, as it nearly always is. */
  private readonly whole: string | undefined;

  constructor(
    private readonly input: Buffer,
    private readonly options: { readonly comments: Comments },
  ) {
    this.whole = isUtf8(input) && !input.includes(0) ? input.toString("utf8") : undefined;
  }

  /** Goes on to the next; false after the last. */
  next(): boolean {
    for (;;) {
      const input = this.whole ?? this.input;
      const start = this.start;
      if (start > input.length) return false;
      const found = typeof input === "string" ? input.indexOf("\n", start) : input.indexOf(CODE.NEWLINE, start);
      const end = found < 0 ? input.length : found;
      this.start = end + 1;
      this.number++;
      const text = typeof input === "string" ? input.slice(start, end) : input.toString("utf8", start, end);
      const problem =
        typeof input === "string" && text.length <= LONGEST_LINE
          ? undefined
          : problemOf(text, typeof input === "string" ? Buffer.from(text) : input.subarray(start, end));
      const comment = this.options.comments === "indented" ? COMMENT.test(text) : text.startsWith("#");
      if (problem !== undefined) this.problems.push({ line: this.number, ...problem, words: comment ? [] : wordsOf(text.slice(0, LONGEST_LINE)), comment });
      else if (!comment && !EMPTY.test(text)) {
        this.text = text;
        return true;
      }
    }
  }

  /** Of this line. */
  words(): string[] {
    return wordsOf(this.text);
  }

  /** Where a word of this line stands; its beginning where there is no such word. */
  place(word: number): Place {
    const { number: line, text } = this;
    if (word === 0 && text.startsWith("-")) return { line, column: 1 };
    const found = [...text.matchAll(WORD)].filter(([match]) => match !== PROGRAM)[word];
    return { line, column: found === undefined ? 1 : characters(text, found.index) + 1 };
  }
}

function wordsOf(text: string): string[] {
  const words = text.split(ODD_BLANK.test(text) ? BLANK : " ");
  return words.includes("") || words.includes(PROGRAM) ? words.filter((word) => word !== "" && word !== PROGRAM) : words;
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

export const showProblem = (source: string, { line, column, message }: Problem): string =>
  `${source}:${line}:${column}: ${message}`;
