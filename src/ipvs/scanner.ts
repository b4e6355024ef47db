import { CODE } from "../character-codes";
import { writeBE16 } from "../netlink/bytes";
import { ADDRESS_LENGTH } from "./address";

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

  /** So many hexadecimal digits. */
  hexadecimal(digits: number): number {
    let value = 0;
    for (const end = this.at + digits; this.at < end; this.at++) {
      const digit = digitOf(this.bytes[this.at]);
      if (digit > 15) return Number.NaN;
      value = value * 16 + digit;
    }
    return value;
  }

  /** All decimal digits that are next, behind blanks and a minus sign or without. */
  decimal(): number {
    this.skipBlanks();
    const negative = this.next === CODE.MINUS;
    if (negative) this.at++;
    const start = this.at;
    let value = 0;
    for (let digit = digitOf(this.bytes[this.at]); digit < 10; digit = digitOf(this.bytes[++this.at])) value = value * 10 + digit;
    if (this.at === start) return Number.NaN;
    return negative ? -value : value;
  }

  /** An IPv6 address of eight groups of four digits, behind an opening bracket; undefined where there is none. */
  ipv6(): Uint8Array | undefined {
    const address = new Uint8Array(ADDRESS_LENGTH);
    for (let at = 0; at < ADDRESS_LENGTH; at += 2) {
      const group = this.hexadecimal(4);
      if (Number.isNaN(group) || !this.skip(at < ADDRESS_LENGTH - 2 ? ":" : "]")) return undefined;
      writeBE16(address, group, at);
    }
    return address;
  }
}

/** What a small letter has over a capital one. */
const CASE = 0x20;

/** 16 and more where it is none. */
function digitOf(byte = 0): number {
  const letter = (byte | CASE) - CODE.SMALL_A;
  if (letter >= 0) return letter + 10;
  const digit = byte - CODE.ZERO;
  return digit >= 0 && digit < 10 ? digit : 16;
}
