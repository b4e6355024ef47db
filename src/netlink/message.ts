import { align, readU16, readU32, writeU16, writeU32 } from "./bytes";
import { MalformedMessage } from "./errors";

/** Flags of `struct nlmsghdr`, linux/netlink.h. */
export enum FLAG {
  REQUEST = 0x1,
  MULTI = 0x2,
  ACK = 0x4,
  /** Of a request that makes something: it must not be there yet, and is made. */
  EXCL = 0x200,
  CREATE = 0x400,
  /** The dump changed while it was read. */
  DUMP_INTR = 0x10,
  /** NLM_F_ROOT | NLM_F_MATCH: the whole table. */
  DUMP = 0x300,
}

/** Control messages, below NLMSG_MIN_TYPE. */
export enum TYPE { NOOP = 1, ERROR = 2, DONE = 3, OVERRUN = 4 }

/** `struct nlmsghdr`, in bytes. */
export const HEADER = 16;
/** `struct genlmsghdr`, linux/genetlink.h: command, version, two reserved bytes. */
export const GENERIC_HEADER = 4;

/** A request, before it has a sequence number. */
export interface Request {
  /** What it is for, in words: "adding a service". */
  readonly operation: string;
  /** Of the message: the number of a generic netlink family, or RTM_NEWADDR and its kin. */
  readonly type: number;
  /** Over those that sending it takes: CREATE, EXCL. */
  readonly flags: number;
  /** The structure before the attributes, a multiple of four bytes: `struct genlmsghdr`, `struct ifaddrmsg`. */
  readonly head: Uint8Array;
  readonly attributes: Uint8Array;
}

/** Who takes a generic netlink request, and which of its commands that is. */
export interface GenericCommand {
  /** What it is for, in words: "adding a service". */
  readonly operation: string;
  readonly family: number;
  readonly version: number;
  readonly command: number;
  readonly attributes: Uint8Array;
}

/** Written once for each version and command: a restore has thousands of requests. */
const GENERIC_HEADS: Uint8Array[] = [];

/** A request to a generic netlink family. */
export function genericRequest({ operation, family, version, command, attributes }: GenericCommand): Request {
  let head = GENERIC_HEADS[(version << 8) | command];
  if (head === undefined) {
    head = new Uint8Array(GENERIC_HEADER);
    head[0] = command;
    head[1] = version;
    GENERIC_HEADS[(version << 8) | command] = head;
  }
  return { operation, type: family, flags: 0, head, attributes };
}

/** One message of a received datagram. */
export interface Message {
  readonly type: number;
  readonly flags: number;
  readonly sequence: number;
  readonly port: number;
  /** The datagram, and where in it this message's payload lies. */
  readonly buffer: Uint8Array;
  readonly start: number;
  readonly end: number;
}

const NOTHING = new Uint8Array(0);

export const encodedLength = (request: Request): number => HEADER + request.head.length + align(request.attributes.length);

/** Writes a request at `at` and returns where the next one may begin. */
export function encodeRequest(request: Request, flags: number, sequence: number, to: Uint8Array, at: number): number {
  const length = encodedLength(request);
  writeU32(to, length, at);
  writeU16(to, request.type, at + 4);
  writeU16(to, FLAG.REQUEST | request.flags | flags, at + 6);
  writeU32(to, sequence, at + 8);
  writeU32(to, 0, at + 12);
  to.set(request.head, at + HEADER);
  const attributes = at + HEADER + request.head.length;
  to.set(request.attributes, attributes);
  for (let pad = attributes + request.attributes.length; pad < at + length; pad++) to[pad] = 0;
  return at + length;
}

/**
 * Walks over the messages of a datagram, the first `size` bytes of a buffer:
 * each call of next() stands on one more. One object for many datagrams, as
 * long tables have thousands.
 */
export class MessageReader implements Message {
  type = 0;
  flags = 0;
  sequence = 0;
  port = 0;
  start = 0;
  end = 0;
  buffer: Uint8Array = NOTHING;
  private nextAt = 0;
  /** Of the datagram, in bytes. */
  size = 0;
  private operation = "";

  /** Stands before the first message. */
  over(buffer: Uint8Array, size: number, operation: string): this {
    this.buffer = buffer;
    this.nextAt = 0;
    this.size = size;
    this.operation = operation;
    return this;
  }

  /** False after the last. Throws MalformedMessage where one overruns the datagram. */
  next(): boolean {
    const at = this.nextAt;
    const left = this.size - at;
    if (left <= 0) return false;
    const { buffer } = this;
    const length = left < HEADER ? 0 : readU32(buffer, at);
    if (length < HEADER || length > left) {
      throw new MalformedMessage(this.operation, `a message claims ${length} bytes where ${left} are left`);
    }
    this.type = readU16(buffer, at + 4);
    this.flags = readU16(buffer, at + 6);
    this.sequence = readU32(buffer, at + 8);
    this.port = readU32(buffer, at + 12);
    this.start = at + HEADER;
    this.end = at + length;
    this.nextAt = at + align(length);
    return true;
  }
}

/** The messages of a datagram. Throws MalformedMessage where one overruns it. */
export function messages(datagram: Uint8Array, operation: string): Message[] {
  const found: Message[] = [];
  const reader = new MessageReader().over(datagram, datagram.length, operation);
  while (reader.next()) {
    const { type, flags, sequence, port, buffer, start, end } = reader;
    found.push({ type, flags, sequence, port, buffer, start, end });
  }
  return found;
}

/** The errno (positive, 0 for an acknowledgement) in an NLMSG_ERROR or NLMSG_DONE; DONE may have none. */
export function errnoOf(message: Message, operation: string): number {
  if (message.end - message.start < 4) {
    if (message.type === TYPE.DONE) return 0;
    throw new MalformedMessage(operation, "an error message without its number");
  }
  const errno = readU32(message.buffer, message.start) | 0;
  return errno < 0 ? -errno : errno;
}

/** Where a generic netlink message's attributes begin. */
export function attributesStart(message: Message, operation: string): number {
  if (message.end - message.start < GENERIC_HEADER) {
    throw new MalformedMessage(operation, "a generic netlink message without its header");
  }
  return message.start + GENERIC_HEADER;
}
