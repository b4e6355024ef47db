/**
 * The connection table, /proc/net/ip_vs_conn (ip_vs_conn_seq_show in
 * ip_vs_conn.c): it is not in netlink. A heading, then a line for each entry:
 *
 *     TCP 0A030001 0400 0A000001 0050 0A010001 1F90 ESTABLISHED     899
 *     UDP 7F000001 0000 7F000002 13C4 7F000001 13C4 NONE             59 sip 1j9FpLxk3uxtm8tn@biloxi.example.com
 *
 * Client, virtual and server address, each with its port, in hexadecimal: an
 * IPv4 address has eight digits, an IPv6 address eight groups of four. Then
 * the state, the seconds until the entry expires, and of some persistent
 * entries the engine and what it knows the client by.
 *
 * A table may have a million entries, so it is read a block at a time into one
 * buffer, and every entry into the same object, which refers to the buffer.
 */
import { compileLightly } from "#compiler";
import { CODE } from "../character-codes";
import { ADDRESS_LENGTH } from "./address";
import { AF } from "./constants";
import type { Address, Family, Writable } from "./model";
import { Scanner } from "./scanner";

export interface ConnectionEndpoint {
  readonly family: Family;
  readonly address: Address;
  readonly port: number;
}

/** Where a word of a line is: from `start`, before `end`, in the bytes of the reader. */
export interface Word {
  readonly start: number;
  readonly end: number;
}

export interface ConnectionEntry {
  readonly protocol: Word;
  readonly client: ConnectionEndpoint;
  readonly virtual: ConnectionEndpoint;
  readonly server: ConnectionEndpoint;
  readonly state: Word;
  /** Until the entry expires, in seconds. */
  readonly expires: number;
  /** The persistence engine and what it knows the client by; both are empty where there is none. */
  readonly engine: Word;
  readonly engineData: Word;
}

/** How many bytes are held at once: some 900 entries of IPv4. */
const BLOCK = 65_536;
/** The most that the kernel hands out a read (seq_read_iter): so much has to be free for the next. */
const PIECE = 4_096;

/** What a digit stands for, hexadecimal in either case, by its code; of all other bytes, 16. */
const DIGITS = new Uint8Array(256).fill(16);
for (let digit = 0; digit < 16; digit++) {
  const text = digit.toString(16);
  for (const letter of [text, text.toUpperCase()]) DIGITS[letter.charCodeAt(0)] = digit;
}

const IPV4_DIGITS = 8;
const PORT_DIGITS = 4;

/** Reads the next bytes into a buffer, from a place in it on; returns how many, and 0 at the end. */
export type Read = (into: Uint8Array, at: number) => number;

/** Hands out the table, block by block, and each block entry by entry, as often as is asked. */
export class ConnectionReader {
  readonly bytes = new Uint8Array(BLOCK);
  /** The entry that was read last. */
  readonly entry: ConnectionEntry;
  /** Whether something was found that the kernel does not write: then nothing behind it is read. */
  malformed = false;

  private readonly line = new Line(this.bytes);
  /** Where the next line begins. */
  private at = 0;
  /** Where the entries of this block begin and end. */
  private start = 0;
  private end = 0;
  /** How many bytes there are: the last line of a block may be cut. */
  private length = 0;
  private atEnd = false;
  private headed = false;

  constructor(private readonly read: Read) {
    this.entry = this.line;
  }

  /** Reads the next entries over the last ones. False at the end of the table, or where it is malformed. */
  nextBlock(): boolean {
    if (this.malformed) return false;
    this.fill();
    this.start = 0;
    if (!this.headed) this.skipHeading();
    this.rewind();
    return !this.malformed && this.end > 0;
  }

  /** Reads the next entry of the block. False behind its last, or where a line is malformed. */
  next(): boolean {
    if (this.at >= this.end) return false;
    const next = this.line.read(this.at);
    this.malformed = next === NO_LINE;
    if (!this.malformed) this.at = next;
    return !this.malformed;
  }

  /** Goes back to the first entry of the block. */
  rewind(): void {
    this.at = this.start;
  }

  private fill(): void {
    const { bytes } = this;
    bytes.copyWithin(0, this.end, this.length);
    this.length -= this.end;
    while (!this.atEnd && this.length <= BLOCK - PIECE) {
      const more = this.read(bytes, this.length);
      this.length += more;
      this.atEnd = more === 0;
    }
    if (this.atEnd && this.length > 0 && bytes[this.length - 1] !== CODE.NEWLINE) bytes[this.length++] = CODE.NEWLINE;
    this.end = this.length === 0 ? 0 : bytes.lastIndexOf(CODE.NEWLINE, this.length - 1) + 1;
    // No line of the kernel's is as long as a block.
    if (this.end === 0 && this.length > 0) this.malformed = true;
  }

  private skipHeading(): void {
    if (this.end === 0) this.malformed = true;
    this.headed = true;
    this.start = this.bytes.indexOf(CODE.NEWLINE) + 1;
  }
}

/** What a line that the kernel does not write is read as. */
const NO_LINE = -1;

/**
 * One line, whose parts are used again for the next. The reading is one
 * function with few calls on purpose: for a list of 60,000 entries most of the
 * time goes into what is run before the engine has compiled it, and into
 * compiling (test/bench/README.md).
 */
class Line implements ConnectionEntry {
  readonly protocol = noWord();
  readonly client = new Endpoint();
  readonly virtual = new Endpoint();
  readonly server = new Endpoint();
  readonly state = noWord();
  readonly engine = noWord();
  readonly engineData = noWord();
  expires = 0;

  private readonly endpoints = [this.client, this.virtual, this.server];
  private readonly scanner: Scanner;

  /** The bytes have a newline at the end of each line, the last one too. */
  constructor(private readonly bytes: Uint8Array) {
    this.scanner = new Scanner(bytes);
  }

  /** Reads the line that begins there. Returns where the next one does, or NO_LINE. */
  read(start: number): number {
    const { bytes } = this;
    let at = this.word(this.protocol, start);
    for (let index = 0; index < 3; index++) {
      const endpoint = this.endpoints[index]!;
      while (bytes[at] === CODE.BLANK) at++;
      let first = at;
      let number = 0;
      for (let digit = DIGITS[bytes[at]!]!; digit < 16; digit = DIGITS[bytes[++at]!]!) number = (number << 4) | digit;
      if (at - first === IPV4_DIGITS) endpoint.setIpv4(number >>> 0);
      else at = this.ipv6(endpoint, first);
      if (bytes[at] !== CODE.BLANK) return NO_LINE;
      while (bytes[at] === CODE.BLANK) at++;
      first = at;
      number = 0;
      for (let digit = DIGITS[bytes[at]!]!; digit < 16; digit = DIGITS[bytes[++at]!]!) number = (number << 4) | digit;
      if (at - first !== PORT_DIGITS || bytes[at] !== CODE.BLANK) return NO_LINE;
      endpoint.port = number;
    }
    at = this.word(this.state, at);
    while (bytes[at] === CODE.BLANK) at++;
    const first = at;
    let seconds = 0;
    for (let digit = DIGITS[bytes[at]!]!; digit < 10; digit = DIGITS[bytes[at]!]!) {
      seconds = seconds * 10 + digit;
      at++;
    }
    if (at === first || bytes[at]! > CODE.BLANK) return NO_LINE;
    this.expires = seconds;
    at = this.word(this.engine, at);
    at = this.word(this.engineData, at);
    while (bytes[at] !== CODE.NEWLINE) at++;
    return at + 1;
  }

  /** Reads the next word, which may be empty; returns where it ends. */
  private word(word: Writable<Word>, at: number): number {
    const { bytes } = this;
    while (bytes[at] === CODE.BLANK) at++;
    word.start = at;
    while (bytes[at]! > CODE.BLANK) at++;
    word.end = at;
    return at;
  }

  /** Returns where the address ends, or NO_LINE. */
  private ipv6(endpoint: Endpoint, at: number): number {
    const { scanner } = this;
    scanner.at = at;
    return endpoint.setIpv6(scanner) ? scanner.at : NO_LINE;
  }
}

class Endpoint implements ConnectionEndpoint {
  family: Family = AF.INET;
  address: Address = 0;
  port = 0;
  private readonly ipv6 = new Uint8Array(ADDRESS_LENGTH);

  setIpv4(address: number): void {
    this.family = AF.INET;
    this.address = address;
  }

  /** False where there is none. */
  setIpv6(scanner: Scanner): boolean {
    this.family = AF.INET6;
    this.address = this.ipv6;
    return scanner.ipv6(this.ipv6);
  }
}

const noWord = (): Writable<Word> => ({ start: 0, end: 0 });

compileLightly(ConnectionReader.prototype.next, Line.prototype.read);
