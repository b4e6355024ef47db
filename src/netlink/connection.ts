import { andThen, type Soon } from "../soon";
import { Dumps } from "./dumps";
import { ERRNO, MalformedMessage, NetlinkError } from "./errors";
import { encodeRequest, encodedLength, errnoOf, FLAG, type Message, MessageReader, messages, type Request, TYPE } from "./message";
import { KERNEL, type NetlinkSocket } from "./socket";

/** How long to wait, in milliseconds. */
export interface Patience {
  /** For the kernel's next word. It answers within the send; only a module that loads takes long. */
  readonly reply: number;
  /** For a queue that overflowed to stay silent, where no end of a dump comes. */
  readonly silence: number;
}
const PATIENCE: Patience = { reply: 30_000, silence: 1_000 };
/**
 * What one queued error message costs of the receive buffer, in bytes, over
 * the request that it echoes: the kernel counts its own structures (truesize).
 */
const REPLY_OVERHEAD = 1280;

/** Room for most single requests, in bytes. */
const REQUEST_SIZE = 512;

/** A request of a batch that the kernel refused. */
export interface Refusal {
  readonly index: number;
  readonly error: NetlinkError;
}

/**
 * One conversation with the kernel over one socket. One request, batch or
 * dump is under way at a time; replies are matched by sequence number, and
 * what belongs to none is dropped.
 */
export class Connection {
  /** Counted from any number: a socket of our own has heard nothing yet. */
  private sequence = 0;
  /** What a single request is sent from, one after the other. */
  private outgoing = new Uint8Array(REQUEST_SIZE);
  private readonly reader = new MessageReader();

  constructor(
    private readonly socket: NetlinkSocket,
    private readonly patience: Patience = PATIENCE,
  ) {}

  /**
   * Asks, and returns what `decode` makes of the answer, which is valid no
   * longer. Each goes through it, where there are more; the first's is returned.
   * Throws NetlinkError with the kernel's errno, MalformedMessage where it only
   * acknowledges.
   */
  request<T>(request: Request, decode: (message: Message) => T): Soon<T> {
    return andThen(this.converse(request, true, decode), (answers) => {
      if (answers.length === 0) throw new MalformedMessage(request.operation, "an acknowledgement without an answer");
      return answers[0]!;
    });
  }

  /** Makes a change. Throws NetlinkError with the kernel's errno. */
  change(request: Request): Soon<unknown> {
    return this.converse(request, this.socket.knowsSender, nothing);
  }

  /**
   * Sends many requests, in order, and returns those that the kernel refused.
   * Only the last of each datagram asks for an acknowledgement: the kernel
   * reports a failure unasked. A datagram carries no more requests than the
   * receive buffer can hold refusals of, so that none is lost.
   */
  async batch(requests: readonly Request[]): Promise<Refusal[]> {
    const refusals: Refusal[] = [];
    for (let start = 0; start < requests.length; ) {
      const end = this.batchEnd(requests, start);
      await this.sendBatch(requests.slice(start, end), start, refusals);
      start = end;
    }
    return refusals;
  }

  /** Asks for a whole table; each message goes through `decode`, and is valid no longer. */
  dump<T>(request: Request, decode: (message: Message) => T): Soon<T[]> {
    return andThen(this.dumps([request], decode), ([table = []]) => table);
  }

  /**
   * Asks for many tables, one after the other, as the kernel wants it. An
   * interrupted dump, or one of which pieces were lost, is asked again.
   * What is there already is taken without a promise: over many tables,
   * chains of them cost more than all else.
   */
  dumps<T>(requests: readonly Request[], decode: (message: Message, index: number) => T): Soon<T[][]> {
    const dumps = new Dumps(requests, decode);
    const waiting = this.dumpOn(dumps);
    return waiting === undefined ? dumps.tables : this.dumpAll(dumps, waiting);
  }

  close(): void {
    this.socket.close();
  }

  /** `early` takes what is there already. */
  private converse<T>(request: Request, early: boolean, decode: (message: Message) => T): Soon<T[]> {
    const { operation } = request;
    const sequence = this.nextSequence();
    this.sendOne(request, sequence, FLAG.ACK);
    const answers: T[] = [];
    while (early) {
      const there = this.there(operation);
      if (there === undefined) break;
      if (takeAnswers(there, sequence, operation, decode, answers)) return answers;
    }
    return this.waitForAnswers(sequence, operation, decode, answers);
  }

  private async waitForAnswers<T>(sequence: number, operation: string, decode: (message: Message) => T, answers: T[]): Promise<T[]> {
    while (!takeAnswers(await this.next(operation), sequence, operation, decode, answers));
    return answers;
  }

  private async dumpAll<T>(dumps: Dumps<T>, waiting: Promise<void>): Promise<T[][]> {
    for (let next: Promise<void> | undefined = waiting; next !== undefined; next = this.dumpOn(dumps)) await next;
    return dumps.tables;
  }

  /** Goes on with dumps; undefined after the last, and a promise where something has to be waited for. */
  private dumpOn<T>(dumps: Dumps<T>): Promise<void> | undefined {
    for (;;) {
      const request = dumps.next();
      if (request === undefined) return undefined;
      try {
        if (!dumps.underWay) {
          dumps.begin(this.nextSequence());
          this.sendOne(request, dumps.sequence, FLAG.DUMP);
        }
        for (;;) {
          const there = this.there(request.operation);
          if (there === undefined) return this.dumpNext(dumps);
          if (dumps.take(there)) break;
        }
      } catch (error) {
        return this.dumpAgain(dumps, error);
      }
    }
  }

  /** With the datagram that comes next. */
  private async dumpNext<T>(dumps: Dumps<T>): Promise<void> {
    try {
      dumps.take(await this.next(dumps.operation));
    } catch (error) {
      await this.dumpAgain(dumps, error);
    }
  }

  /** After a failure. Throws it where that does not help. */
  private dumpAgain<T>(dumps: Dumps<T>, error: unknown): Promise<void> {
    if (!dumps.isLost(error)) throw error;
    dumps.underWay = false;
    return this.resynchronise(dumps.operation);
  }

  private batchEnd(requests: readonly Request[], start: number): number {
    let room = Math.floor(this.socket.receiveBufferSize / 2);
    let space = Math.floor(this.socket.sendBufferSize / 2);
    let end = start;
    for (; end < requests.length; end++) {
      const length = encodedLength(requests[end]!);
      room -= REPLY_OVERHEAD + 2 * length;
      space -= length;
      if ((room < 0 || space < 0) && end > start) break;
    }
    return end;
  }

  private async sendBatch(requests: readonly Request[], base: number, refusals: Refusal[]): Promise<void> {
    const sequences = requests.map(() => this.nextSequence());
    const last = requests.length - 1;
    const indices = new Map(sequences.map((sequence, index) => [sequence, index]));
    this.send(requests, sequences, FLAG.ACK);
    for (;;) {
      for (const message of await this.receive(requests[last]!.operation)) {
        const index = indices.get(message.sequence);
        if (index === undefined || message.type !== TYPE.ERROR) continue;
        const { operation } = requests[index]!;
        const errno = errnoOf(message, operation);
        if (errno !== 0) refusals.push({ index: base + index, error: new NetlinkError(operation, errno) });
        if (index === last) return;
      }
    }
  }

  /** After replies were lost: drop what is queued, and wait until a dump that may still run has ended. */
  private async resynchronise(operation: string): Promise<void> {
    this.socket.discard();
    const deadline = Date.now() + this.patience.reply;
    for (;;) {
      try {
        for (const message of await this.receive(operation, this.patience.silence)) if (message.type === TYPE.DONE) return;
      } catch (error) {
        if (!(error instanceof NetlinkError)) throw error;
        if (error.errno === ERRNO.ETIMEDOUT) return;
        if (error.errno !== ERRNO.ENOBUFS || Date.now() >= deadline) throw error;
      }
    }
  }

  private sendOne(request: Request, sequence: number, flags: number): void {
    const length = encodedLength(request);
    if (length > this.outgoing.length) this.outgoing = new Uint8Array(length);
    encodeRequest(request, flags, sequence, this.outgoing, 0);
    this.socket.send(this.outgoing, length);
  }

  private send(requests: readonly Request[], sequences: readonly number[], flagsOfLast: number): void {
    const datagram = new Uint8Array(requests.reduce((sum, request) => sum + encodedLength(request), 0));
    const last = requests.length - 1;
    let at = 0;
    for (const [index, request] of requests.entries()) {
      at = encodeRequest(request, index === last ? flagsOfLast : 0, sequences[index]!, datagram, at);
    }
    this.socket.send(datagram, datagram.length);
  }

  /**
   * The messages of a datagram that is there already, valid until the next: a
   * view of each, and an object for each message, would cost more than to decode it.
   */
  private there(operation: string): MessageReader | undefined {
    try {
      const received = this.socket.received();
      return received && this.reader.over(received.buffer, received.length, operation);
    } catch (error) {
      throw during(operation, error);
    }
  }

  /** The messages of the next datagram that comes. */
  private async next(operation: string): Promise<MessageReader> {
    const datagram = await this.datagram(operation);
    return this.reader.over(datagram, datagram.length, operation);
  }

  private async receive(operation: string, patience?: number): Promise<Message[]> {
    return messages(await this.datagram(operation, patience), operation);
  }

  /** The next datagram that comes from the kernel; others do not prolong the wait. */
  private async datagram(operation: string, patience = this.patience.reply): Promise<Uint8Array> {
    let deadline: number | undefined;
    for (let left = patience; ; left = deadline - Date.now()) {
      if (left <= 0) throw new NetlinkError(operation, ERRNO.ETIMEDOUT, "only others than the kernel answered");
      try {
        const { data, port } = await this.socket.receive(left);
        if (port === KERNEL) return data;
      } catch (error) {
        throw during(operation, error);
      }
      deadline ??= Date.now() + left;
    }
  }

  private nextSequence(): number {
    this.sequence = (this.sequence + 1) >>> 0;
    return this.sequence;
  }
}

/** Of what answers a change: there is nothing to be known. */
function nothing(): void {}

/** Adds what answers; whether that was all. Throws NetlinkError with the errno of the kernel's refusal. */
function takeAnswers<T>(message: MessageReader, sequence: number, operation: string, decode: (message: Message) => T, answers: T[]): boolean {
  while (message.next()) {
    if (message.sequence !== sequence) continue;
    if (message.type === TYPE.ERROR) {
      const errno = errnoOf(message, operation);
      if (errno !== 0) throw new NetlinkError(operation, errno);
      return true;
    }
    if (message.type > TYPE.OVERRUN) answers.push(decode(message));
  }
  return false;
}

/** What the socket throws, with the operation that it befell. */
const during = (operation: string, error: unknown): unknown =>
  error instanceof NetlinkError && !(error instanceof MalformedMessage)
    ? new NetlinkError(operation, error.errno, error.message)
    : error;
