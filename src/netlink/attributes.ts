import {
  align,
  readBE16,
  readBE32,
  readS32,
  readU16,
  readU32,
  readU64,
  writeBE16,
  writeBE32,
  writeU16,
  writeU16s,
  writeU32,
  writeU64,
} from "./bytes";
import { MalformedMessage } from "./errors";

/**
 * Netlink attributes, `struct nlattr` in linux/netlink.h: a length that
 * counts its own four bytes of header, a type, the value, and padding to four.
 */
const HEADER = 4;
/** NLA_F_NESTED and NLA_F_NET_BYTEORDER, the top bits of a type. */
const NESTED = 0x8000;
const TYPE_MASK = 0x3fff;

/** Writes attributes, one after the other, into a buffer that grows. */
export class AttributeWriter {
  /** The buffer of a writer that has finished, for the next: long tables have thousands. */
  static #spare: Buffer | undefined;
  #buffer: Buffer;
  #length = 0;

  constructor() {
    this.#buffer = AttributeWriter.#spare ?? Buffer.allocUnsafe(256);
    AttributeWriter.#spare = undefined;
  }

  u8(type: number, value: number): this {
    this.#buffer.writeUInt8(value, this.#open(type, 1));
    return this;
  }

  /** In host order. */
  u16(type: number, value: number): this {
    writeU16(this.#buffer, value, this.#open(type, 2));
    return this;
  }

  /** In network order. */
  be16(type: number, value: number): this {
    writeBE16(this.#buffer, value, this.#open(type, 2));
    return this;
  }

  /** In host order. */
  u32(type: number, value: number): this {
    writeU32(this.#buffer, value, this.#open(type, 4));
    return this;
  }

  /** In network order. */
  be32(type: number, value: number): this {
    writeBE32(this.#buffer, value, this.#open(type, 4));
    return this;
  }

  /** In host order. */
  u64(type: number, value: bigint): this {
    writeU64(this.#buffer, value, this.#open(type, 8));
    return this;
  }

  /** With the NUL byte that ends a C string. */
  string(type: number, value: string): this {
    return this.bytes(type, Buffer.from(`${value}\0`));
  }

  bytes(type: number, value: Uint8Array): this {
    this.#buffer.set(value, this.#open(type, value.length));
    return this;
  }

  nested(type: number, fill: (inner: this) => void): this {
    const start = this.#length;
    this.#open(type | NESTED, 0);
    fill(this);
    writeU16(this.#buffer, this.#length - start, start);
    return this;
  }

  /** What was written, as a copy: a view would keep the whole buffer. Nothing more is written after that. */
  finish(): Buffer {
    const written = Buffer.allocUnsafe(this.#length);
    for (let at = 0; at < written.length; at++) written[at] = this.#buffer[at]!;
    AttributeWriter.#spare = this.#buffer;
    return written;
  }

  /** Writes a header and zeroed padding, and returns where the value goes. */
  #open(type: number, length: number): number {
    const start = this.#length;
    this.#length = start + align(HEADER + length);
    if (this.#length > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.#length, 2 * this.#buffer.length));
      larger.set(this.#buffer.subarray(0, start));
      this.#buffer = larger;
    }
    writeU16s(this.#buffer, HEADER + length, type, start);
    for (let at = start + HEADER + length; at < this.#length; at++) this.#buffer[at] = 0;
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
  #start = 0;
  #next: number;

  constructor(
    private readonly buffer: Buffer,
    start: number,
    private readonly end: number,
    private readonly operation: string,
  ) {
    this.#next = start;
  }

  /** False after the last. Throws MalformedMessage where an attribute overruns. */
  next(): boolean {
    const at = this.#next;
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
    this.#start = at + HEADER;
    this.#next = at + align(length);
    return true;
  }

  u8(): number {
    return this.buffer[this.#need(1)]!;
  }

  u16(): number {
    return readU16(this.buffer, this.#need(2));
  }

  be16(): number {
    return readBE16(this.buffer, this.#need(2));
  }

  u32(): number {
    return readU32(this.buffer, this.#need(4));
  }

  be32(): number {
    return readBE32(this.buffer, this.#need(4));
  }

  s32(): number {
    return readS32(this.buffer, this.#need(4));
  }

  u64(): bigint {
    return readU64(this.buffer, this.#need(8));
  }

  /** Up to the first NUL byte, or to the end where there is none. */
  string(): string {
    const last = this.#start + this.length;
    let end = this.#start;
    while (end < last && this.buffer[end] !== 0) end++;
    return this.buffer.toString("utf8", this.#start, end);
  }

  /** A copy of the first `length` bytes. */
  bytes(length: number): Buffer {
    const start = this.#need(length);
    const copy = Buffer.allocUnsafe(length);
    for (let at = 0; at < length; at++) copy[at] = this.buffer[start + at]!;
    return copy;
  }

  /** What is inside of the attribute; stays where it is when this one goes on. */
  nested(): AttributeReader {
    return new AttributeReader(this.buffer, this.#start, this.#start + this.length, this.operation);
  }

  #need(length: number): number {
    if (length > this.length) {
      throw new MalformedMessage(
        this.operation,
        `attribute ${this.type} has ${this.length} bytes where ${length} are needed`,
      );
    }
    return this.#start;
  }
}
