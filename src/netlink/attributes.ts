import { CODE } from "../character-codes";
import { align, readBE16, readBE32, readS32, readU16, readU32, readU64, writeBE16, writeBE32, writeU16, writeU16s, writeU32, writeU64, writeU8 } from "./bytes";
import { MalformedMessage } from "./errors";
import { bytesOf, textOf } from "./text";

/**
 * Netlink attributes, `struct nlattr` in linux/netlink.h: a length that
 * counts its own four bytes of header, a type, the value, and padding to four.
 */
const HEADER = 4;
/** NLA_F_NESTED and NLA_F_NET_BYTEORDER, the top bits of a type. */
const NESTED = 0x8000;
const TYPE_MASK = 0x3fff;

const NOTHING = new Uint8Array(0);

/** The room that a writer has at first, in bytes. */
const ROOM = 256;

/** Writes attributes, one after the other, into a buffer that grows. */
export class AttributeWriter {
  private buffer = new Uint8Array(ROOM);
  /** How long that is: to ask it is a call, where the program is interpreted. */
  private capacity = ROOM;
  private length = 0;

  u8(type: number, value: number): this {
    const at = this.open(type, 1);
    writeU8(this.buffer, value, at);
    return this;
  }

  /** In host order. */
  u16(type: number, value: number): this {
    const at = this.open(type, 2);
    writeU16(this.buffer, value, at);
    return this;
  }

  /** In network order. */
  be16(type: number, value: number): this {
    const at = this.open(type, 2);
    writeBE16(this.buffer, value, at);
    return this;
  }

  /** In host order. */
  u32(type: number, value: number): this {
    const at = this.open(type, 4);
    writeU32(this.buffer, value, at);
    return this;
  }

  /** In network order; zeros follow, up to `length` bytes. */
  be32(type: number, value: number, length = 4): this {
    const at = this.open(type, length);
    writeBE32(this.buffer, value, at);
    for (let zero = at + 4; zero < at + length; zero++) this.buffer[zero] = 0;
    return this;
  }

  /** In host order. */
  u64(type: number, value: bigint): this {
    const at = this.open(type, 8);
    writeU64(this.buffer, value, at);
    return this;
  }

  /** With the NUL byte that ends a C string. */
  string(type: number, value: string): this {
    const text = bytesOf(value);
    const at = this.open(type, text.length + 1);
    this.buffer.set(text, at);
    this.buffer[at + text.length] = 0;
    return this;
  }

  bytes(type: number, value: Uint8Array): this {
    const at = this.open(type, value.length);
    this.buffer.set(value, at);
    return this;
  }

  /** `fill` writes what is inside: `what`, where it is given. */
  nested(type: number, fill: (inner: this) => void): this;
  nested<T>(type: number, fill: (inner: this, what: T) => void, what: T): this;
  nested<T>(type: number, fill: (inner: this, what?: T) => void, what?: T): this {
    const start = this.length;
    this.open(type | NESTED, 0);
    fill(this, what);
    writeU16(this.buffer, this.length - start, start);
    return this;
  }

  /** Forgets what was written: one writer does for a long table. */
  anew(): this {
    this.length = 0;
    return this;
  }

  /** A copy of what was written. */
  finish(): Uint8Array {
    return this.buffer.slice(0, this.length);
  }

  /** Writes a header and zeroed padding, and returns where the value goes, in a buffer that may be another than before. */
  private open(type: number, length: number): number {
    const start = this.length;
    this.length = start + align(HEADER + length);
    if (this.length > this.capacity) {
      const larger = new Uint8Array((this.capacity = 2 * this.length));
      larger.set(this.buffer.subarray(0, start));
      this.buffer = larger;
    }
    writeU16s(this.buffer, HEADER + length, type, start);
    for (let at = start + HEADER + length; at < this.length; at++) this.buffer[at] = 0;
    return start + HEADER;
  }
}

/**
 * Walks over the attributes between two offsets: each call of next() stands
 * on one more, and the others read it. One object for all of them, as long
 * lists have millions. Every length is checked; a value longer than its type
 * needs is cut, as the kernel may lengthen a structure, a shorter one is
 * malformed.
 */
export class AttributeReader {
  type = 0;
  /** Of the value, in bytes. */
  length = 0;
  private start = 0;
  private text = "";
  private buffer: Uint8Array;
  private nextAt: number;
  private end: number;
  private operation: string;

  constructor(buffer: Uint8Array = NOTHING, start = 0, end = buffer.length, operation = "") {
    this.buffer = buffer;
    this.nextAt = start;
    this.end = end;
    this.operation = operation;
  }

  /** Stands before the first attribute between two other offsets. */
  over(buffer: Uint8Array, start: number, end: number, operation: string): this {
    this.buffer = buffer;
    this.nextAt = start;
    this.end = end;
    this.operation = operation;
    return this;
  }

  /** False after the last. Throws MalformedMessage where an attribute overruns. */
  next(): boolean {
    const at = this.nextAt;
    const left = this.end - at;
    if (left < HEADER) {
      if (left > 0) throw new MalformedMessage(this.operation, `${left} bytes follow the last attribute`);
      return false;
    }
    const length = readU16(this.buffer, at);
    if (length < HEADER || length > left) {
      throw new MalformedMessage(this.operation, `an attribute claims ${length} bytes where ${left} are left`);
    }
    this.type = readU16(this.buffer, at + 2) & TYPE_MASK;
    this.length = length - HEADER;
    this.start = at + HEADER;
    this.nextAt = at + align(length);
    return true;
  }

  u8(): number {
    return this.buffer[this.place(1)]!;
  }

  u16(): number {
    return readU16(this.buffer, this.place(2));
  }

  be16(): number {
    return readBE16(this.buffer, this.place(2));
  }

  u32(): number {
    return readU32(this.buffer, this.place(4));
  }

  /** Of this value, or of one that place() told of. */
  be32(at = this.place(4)): number {
    return readBE32(this.buffer, at);
  }

  s32(): number {
    return readS32(this.buffer, this.place(4));
  }

  u64(): bigint {
    return readU64(this.buffer, this.place(8));
  }

  /** Up to the first NUL byte, or to the end where there is none. */
  string(): string {
    const last = this.start + this.length;
    let end = this.start;
    while (end < last && this.buffer[end] !== 0) end++;
    if (!this.isText(end)) this.text = textOf(this.buffer, this.start, end);
    return this.text;
  }

  /** Whether the value is the last text again, of ASCII: the services of a long table have few schedulers. */
  private isText(end: number): boolean {
    const { text } = this;
    const { length } = text;
    if (length !== end - this.start) return false;
    for (let at = 0; at < length; at++) {
      const byte = this.buffer[this.start + at]!;
      if (byte > CODE.LAST || byte !== text.charCodeAt(at)) return false;
    }
    return true;
  }

  /** A copy of the first `length` bytes of this value, or of one that place() told of. */
  bytes(length: number, start = this.place(length)): Uint8Array {
    const copy = new Uint8Array(length);
    for (let at = 0; at < length; at++) copy[at] = this.buffer[start + at]!;
    return copy;
  }

  /** What is inside of the attribute, read by another reader, which stays where it is when this one goes on. */
  nested(inner = new AttributeReader()): AttributeReader {
    return inner.over(this.buffer, this.start, this.start + this.length, this.operation);
  }

  /** Where the first `length` bytes of the value lie: what they are may hang on an attribute behind them. */
  place(length: number): number {
    if (length > this.length) {
      throw new MalformedMessage(
        this.operation,
        `attribute ${this.type} has ${this.length} bytes where ${length} are needed`,
      );
    }
    return this.start;
  }
}
