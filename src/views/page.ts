import { compileLightly } from "#compiler";
import { CODE } from "../character-codes";
import { LONGEST_IPV6, writeIpv4, writeIpv6 } from "../ipvs/address";
import type { Address } from "../ipvs/model";
import { bytesOf } from "../netlink/text";

/** How much is gathered before it is written, and the room for it at first, in bytes. */
const FULL = 16_384;
const ROOM = 2_048;
/** The most digits that a number of 32 bits has. */
const DIGITS = 10;

/**
 * What a list writes, gathered as bytes: a long table is a hundred thousand
 * columns, and as many strings would be most of its memory (test/bench/README.md).
 */
export class Page {
  /** Behind what is written there are blanks, which most columns end in. */
  bytes = blank(ROOM);
  /** How long that is: to ask it is a call, where the program is interpreted. */
  private capacity = ROOM;
  /** In bytes: columns are as wide as that, as in C. */
  length = 0;

  /** `write` takes what is full; it is used again when that returns. */
  constructor(private readonly write: (bytes: Uint8Array) => void) {}

  byte(code: number): void {
    const at = this.length;
    if (at === this.capacity) this.grow(at + 1);
    this.bytes[at] = code;
    this.length = at + 1;
  }

  text(text: string): void {
    const { length } = text;
    const at = this.room(length);
    const { bytes } = this;
    for (let index = 0; index < length; index++) {
      const code = text.charCodeAt(index);
      if (code > CODE.LAST) return this.put(bytesOf(text));
      bytes[at + index] = code;
    }
    this.length = at + length;
  }

  /** An integer of 32 bits, with a sign or without. */
  decimal(value: number): void {
    // Most have one digit.
    if (value >= 0 && value < 10) return this.byte(CODE.ZERO + value);
    if (value < 0) {
      this.byte(CODE.MINUS);
      return this.decimal(-value);
    }
    const at = this.room(DIGITS);
    this.length = writeDecimal(value, this.bytes, at);
  }

  /** An address and a port as lists have them, in numbers. */
  endpoint(address: Address, port: number): void {
    const at = this.room(LONGEST_ENDPOINT);
    this.length = writeEndpoint(address, port, this.bytes, at);
  }

  /** Blanks, up to where the page is so long. */
  fill(length: number): void {
    if (length <= this.length) return;
    if (length > this.capacity) this.grow(length);
    this.length = length;
  }

  /** Left in a column of so many bytes. */
  textColumn(text: string, width: number): void {
    const end = this.length + width;
    this.text(text);
    this.fill(end);
  }

  numberColumn(value: number, width: number): void {
    const end = this.length + width;
    this.decimal(value);
    this.fill(end);
  }

  endLine(): void {
    this.byte(CODE.NEWLINE);
    if (this.length >= FULL) this.flush();
  }

  flush(): void {
    if (this.length === 0) return;
    this.write(this.bytes.subarray(0, this.length));
    this.bytes.fill(CODE.BLANK, 0, this.length);
    this.length = 0;
  }

  private put(bytes: Uint8Array): void {
    const at = this.room(bytes.length);
    this.bytes.set(bytes, at);
    this.length = at + bytes.length;
  }

  /** Where the next so many bytes go: in `bytes`, which may be others than before. Who puts them there sets the length. */
  room(more: number): number {
    const at = this.length;
    if (at + more > this.capacity) this.grow(at + more);
    return at;
  }

  private grow(needed: number): void {
    const larger = blank((this.capacity = 2 * needed));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
  }
}

/** How long an address and a port may be. */
export const LONGEST_ENDPOINT = LONGEST_IPV6 + DIGITS + 3;

/** Writes an address and a port as lists have them, in numbers; returns where they end. */
export function writeEndpoint(address: Address, port: number, to: Uint8Array, at: number): number {
  if (typeof address === "number") at = writeIpv4(address, to, at);
  else {
    to[at++] = CODE.OPENING_BRACKET;
    at = writeIpv6(address, to, at);
    to[at++] = CODE.CLOSING_BRACKET;
  }
  to[at++] = CODE.COLON;
  return writeDecimal(port, to, at);
}

/** Writes a whole number of 32 bits from 0 on in decimal digits; returns where they end. */
export function writeDecimal(value: number, to: Uint8Array, at: number): number {
  const end = at + digitsOf(value);
  for (let place = end - 1, rest = value; place >= at; place--) {
    const next = (rest / 10) >>> 0;
    to[place] = CODE.ZERO + rest - 10 * next;
    rest = next;
  }
  return end;
}

function digitsOf(value: number): number {
  if (value < 100) return value < 10 ? 1 : 2;
  if (value < 10_000) return value < 1_000 ? 3 : 4;
  let digits = 5;
  for (let least = 100_000; value >= least; least *= 10) digits++;
  return digits;
}

compileLightly(Page.prototype.byte, Page.prototype.endpoint, Page.prototype.fill, Page.prototype.endLine, Page.prototype.room, writeEndpoint, writeDecimal, digitsOf);

const blank = (length: number): Uint8Array => new Uint8Array(length).fill(CODE.BLANK);
