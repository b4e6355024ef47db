import assert from "node:assert/strict";
import { align, readU16, readU32, writeU16, writeU32 } from "../../src/netlink/bytes";
import { ERRNO, NetlinkError } from "../../src/netlink/errors";
import { TYPE } from "../../src/netlink/message";
import type { Datagram, NetlinkSocket, Received } from "../../src/netlink/socket";
import type { Exchange } from "./recorded/exchange";

/** A request as it went out. */
export interface Sent {
  readonly type: number;
  readonly flags: number;
  readonly sequence: number;
  readonly command: number;
  readonly version: number;
  readonly attributes: Buffer;
}

/** What a receive meets: a datagram, or a failure. */
export type Arrival = Datagram | NetlinkError;

/** What the kernel does about one datagram; a turn may look at what was sent. */
export type Turn = (...sent: Sent[]) => readonly Arrival[];

/**
 * A kernel that follows a script: the first send meets the first turn. With
 * nothing left to receive it times out, at once.
 */
export class ScriptedSocket implements NetlinkSocket {
  knowsSender = true;
  receiveBufferSize = 212_992;
  sendBufferSize = 212_992;
  /** The requests of each datagram. */
  readonly sent: Sent[][] = [];
  /** The time-outs that were asked for, in milliseconds. */
  readonly timeouts: number[] = [];
  closed = false;
  /** Whether all is there already, or only every second datagram, so that a connection meets both ways. */
  prompt = false;
  #turns: Turn[];
  #queue: Arrival[] = [];
  #early = false;
  readonly #buffer = Buffer.alloc(65_536);

  constructor(...turns: Turn[]) {
    this.#turns = turns;
  }

  send(buffer: Uint8Array, length: number): void {
    const requests = readRequests(Buffer.from(buffer.subarray(0, length)));
    const turn = this.#turns.shift();
    assert.ok(turn !== undefined, "more was sent than the script has turns");
    this.sent.push(requests);
    this.#queue.push(...turn(...requests));
  }

  received(): Received | undefined {
    this.#early = this.prompt || !this.#early;
    const [next] = this.#queue;
    if (!this.#early || next === undefined) return undefined;
    if (next instanceof NetlinkError) {
      this.#queue.shift();
      throw next;
    }
    if (next.port !== 0) return undefined;
    this.#queue.shift();
    // As the real ones: what was there before is written over.
    return { buffer: this.#buffer.fill(0xff), length: Buffer.from(next.data).copy(this.#buffer) };
  }

  receive(timeout: number): Promise<Datagram> {
    this.timeouts.push(timeout);
    const next = this.#queue.shift() ?? new NetlinkError("receiving", ERRNO.ETIMEDOUT, "no reply");
    return next instanceof NetlinkError ? Promise.reject(next) : Promise.resolve(next);
  }

  discard(): void {
    this.#queue = [];
  }

  close(): void {
    this.closed = true;
  }

  /** Fails where the script was not played to its end. */
  finish(): void {
    assert.equal(this.#turns.length, 0, "turns are left");
    assert.equal(this.#queue.length, 0, "replies are left");
  }
}

const HEADER = 16;
const GENERIC_HEADER = 4;

function readRequests(datagram: Buffer): Sent[] {
  const requests: Sent[] = [];
  for (let at = 0; at < datagram.length; ) {
    const length = readU32(datagram, at);
    assert.ok(length >= HEADER + GENERIC_HEADER && at + length <= datagram.length, "a whole request");
    requests.push({
      type: readU16(datagram, at + 4),
      flags: readU16(datagram, at + 6),
      sequence: readU32(datagram, at + 8),
      command: datagram.readUInt8(at + HEADER),
      version: datagram.readUInt8(at + HEADER + 1),
      attributes: Buffer.from(datagram.subarray(at + HEADER + GENERIC_HEADER, at + length)),
    });
    at += align(length);
  }
  return requests;
}

/** A netlink message, padded. */
export function message(type: number, flags: number, sequence: number, payload: Uint8Array): Buffer {
  const bytes = Buffer.alloc(align(HEADER + payload.length));
  writeU32(bytes, HEADER + payload.length, 0);
  writeU16(bytes, type, 4);
  writeU16(bytes, flags, 6);
  writeU32(bytes, sequence, 8);
  bytes.set(payload, HEADER);
  return bytes;
}

function errorMessage(type: number, flags: number, to: Sent, errno: number): Buffer {
  const payload = Buffer.alloc(4 + HEADER);
  writeU32(payload, -errno >>> 0, 0);
  writeU32(payload, to.sequence, 4 + 8);
  return message(type, flags, to.sequence, payload);
}

export const refusal = (to: Sent, errno: number): Buffer => errorMessage(TYPE.ERROR, 0, to, errno);
export const acknowledgement = (to: Sent): Buffer => refusal(to, 0);
/** The end of a dump. */
export const done = (to: Sent, errno = 0, flags = 0): Buffer => errorMessage(TYPE.DONE, flags, to, errno);

/** A generic netlink message that answers a request. */
export const answer = (to: Sent, attributes: Uint8Array, flags = 0): Buffer =>
  message(to.type, flags, to.sequence, Buffer.concat([Buffer.from([to.command, to.version, 0, 0]), attributes]));

/** What the kernel sends at once. */
export const datagram = (...messages: Buffer[]): Datagram => ({ data: Buffer.concat(messages), port: 0 });

/**
 * The replies of a real kernel, under the number of the request that is
 * played. ipvsadm never read the acknowledgement that follows an answer, so
 * that it was not recorded.
 */
export const replay =
  ({ replies }: Exchange): Turn =>
  (sent) => {
    const played = replies.map((reply) => renumbered(reply, sent.sequence));
    return replies.some(ends) ? played : [...played, datagram(acknowledgement(sent))];
  };

function renumbered(reply: Buffer, sequence: number): Datagram {
  const data = Buffer.from(reply);
  for (let at = 0; at < data.length; at += align(readU32(data, at))) writeU32(data, sequence, at + 8);
  return datagram(data);
}

const ends = (reply: Buffer): boolean => [TYPE.ERROR, TYPE.DONE].some((type) => type === readU16(reply, 4));
