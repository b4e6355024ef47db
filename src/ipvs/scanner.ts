import { CODE } from "../character-codes";
import { textOf } from "../netlink/text";

/**
 * Reads what the kernel's text files are made of, byte by byte: the lines and
 * words of a long one as strings would be most of what a list needs of
 * memory. A number that is not there is NaN.
 */
export class Scanner {
  /** Where the next byte is. */
  at = 0;

  constructor(readonly bytes: Uint8Array) {}

  /** The next byte's code; NaN after the last. */
  get next(): number {
    return this.at < this.bytes.length ? this.bytes[this.at]! : Number.NaN;
  }

  skipLine(): void {
    const end = this.bytes.indexOf(CODE.NEWLINE, this.at);
    this.at = end === -1 ? this.bytes.length : end + 1;
  }

  skipBlanks(): void {
    while (this.bytes[this.at] === CODE.BLANK) this.at++;
  }

  /** Whether this is next; then it is skipped. */
  skip(text: string): boolean {
    for (let index = 0; index < text.length; index++) if (this.bytes[this.at + index] !== text.charCodeAt(index)) return false;
    this.at += text.length;
    return true;
  }

  /** Whether no more than blanks is left of the line. */
  endsLine(): boolean {
    this.skipBlanks();
    return this.at === this.bytes.length || this.next === CODE.NEWLINE;
  }

  /** So many hexadecimal digits, letters in capitals. */
  hexadecimal(digits: number): number {
    let value = 0;
    for (const end = this.at + digits; this.at < end; this.at++) {
      const digit = digitOf(this.bytes[this.at]);
      if (digit > 15) return Number.NaN;
      value = value * 16 + digit;
    }
    return value;
  }

  /** All decimal digits that are next, with a minus sign before them or without. */
  decimal(): number {
    const negative = this.next === CODE.MINUS;
    if (negative) this.at++;
    const start = this.at;
    let value = 0;
    for (let digit = digitOf(this.bytes[this.at]); digit < 10; digit = digitOf(this.bytes[++this.at])) value = value * 10 + digit;
    if (this.at === start) return Number.NaN;
    return negative ? -value : value;
  }

  /** What stands before a byte of that code, which is skipped; undefined where the line has none. */
  before(end: number): string | undefined {
    const start = this.at;
    for (let byte = this.next; byte >= CODE.BLANK; byte = this.next) {
      this.at++;
      if (byte === end) return textOf(this.bytes, start, this.at - 1);
    }
    return undefined;
  }
}

/** 16 and more where it is none. */
function digitOf(byte = 0): number {
  const letter = byte - CODE.CAPITAL_A;
  if (letter >= 0) return letter + 10;
  const digit = byte - CODE.ZERO;
  return digit >= 0 && digit < 10 ? digit : 16;
}
