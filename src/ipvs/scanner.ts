import { CODE } from "../character-codes";
import { readBE32, writeBE16 } from "../netlink/bytes";
import { ADDRESS_LENGTH } from "./address";

/**
 * Reads what the kernel's text files are made of, byte by byte: the lines and
 * words of a long one as strings would be most of what a list needs of
 * memory. A number that is not there is NaN. Behind the last byte there is
 * undefined, which is no byte's equal, and neither above nor below one. Loops
 * keep what they use in variables of their own: what a short command runs is
 * interpreted (test/bench/README.md).
 */
export class Scanner {
  /** Where the next byte is. */
  at = 0;

  constructor(readonly bytes: Uint8Array) {}

  /** The next byte's code; undefined after the last. */
  get next(): number | undefined {
    return this.bytes[this.at];
  }

  /** The next four bytes, the first the highest of 32 bits. */
  get four(): number {
    return readBE32(this.bytes, this.at);
  }

  skipLine(): void {
    const end = this.bytes.indexOf(CODE.NEWLINE, this.at);
    this.at = end === -1 ? this.bytes.length : end + 1;
  }

  skipBlanks(): void {
    const { bytes } = this;
    let { at } = this;
    while (bytes[at] === CODE.BLANK) at++;
    this.at = at;
  }

  /** Up to a blank, or another character that ends a word. */
  skipWord(): void {
    const { bytes } = this;
    let { at } = this;
    while (bytes[at]! > CODE.BLANK) at++;
    this.at = at;
  }

  /** Whether this is next; then it is skipped. */
  skip(byte: number): boolean {
    if (this.bytes[this.at] !== byte) return false;
    this.at++;
    return true;
  }

  /** Whether no character of a word is next. */
  endsWord(): boolean {
    return !(this.bytes[this.at]! > CODE.BLANK);
  }

  /** Whether no more than blanks is left of the line. */
  endsLine(): boolean {
    this.skipBlanks();
    const { next } = this;
    return next === undefined || next === CODE.NEWLINE;
  }

  /** So many hexadecimal digits, 8 at most; none is passed where they are not all there. */
  hexadecimal(digits: number): number {
    const { bytes } = this;
    let { at } = this;
    let value = 0;
    for (const end = at + digits; at < end; at++) {
      const byte = bytes[at]!;
      if (byte >= CODE.ZERO && byte <= CODE.NINE) {
        value = (value << 4) | (byte - CODE.ZERO);
        continue;
      }
      const letter = byte | CASE;
      if (letter < CODE.SMALL_A || letter > CODE.SMALL_F) return Number.NaN;
      value = (value << 4) | (letter - CODE.SMALL_A + 10);
    }
    this.at = at;
    return value >>> 0;
  }

  /** All decimal digits that are next, behind blanks and a minus sign or without. */
  decimal(): number {
    this.skipBlanks();
    const negative = this.skip(CODE.MINUS);
    const { bytes, at: start } = this;
    let at = start;
    let value = 0;
    for (let byte = bytes[at]!; byte >= CODE.ZERO && byte <= CODE.NINE; byte = bytes[++at]!) value = value * 10 + byte - CODE.ZERO;
    if (at === start) return Number.NaN;
    this.at = at;
    return negative ? -value : value;
  }

  /** An IPv6 address of eight groups of four digits; false where there is none. */
  ipv6(into: Uint8Array): boolean {
    for (let at = 0; at < ADDRESS_LENGTH; at += 2) {
      if (at > 0 && !this.skip(CODE.COLON)) return false;
      const group = this.hexadecimal(4);
      if (Number.isNaN(group)) return false;
      writeBE16(into, group, at);
    }
    return true;
  }
}

/** What a small letter has over a capital one. */
const CASE = 0x20;
