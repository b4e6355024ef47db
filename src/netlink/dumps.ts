import { ERRNO, NetlinkError } from "./errors";
import { errnoOf, FLAG, type Message, type MessageReader, type Request, TYPE } from "./message";

/** How often a dump that was interrupted, or whose pieces were lost, is asked for again. */
const ATTEMPTS = 20;

/** Dumps, one after the other: what was read of them, and whether it is a table. */
export class Dumps<T> {
  readonly tables: T[][] = [];
  sequence = 0;
  operation = "";
  /** Whether the next was asked for. */
  underWay = false;
  private attempt = 0;
  private table: T[] = [];
  /** The kernel says that the table changed while it was read. */
  private interrupted = false;

  constructor(
    private readonly requests: readonly Request[],
    private readonly decode: (message: Message, index: number) => T,
  ) {}

  /** The request of the next table; undefined after the last. */
  next(): Request | undefined {
    const request = this.requests[this.tables.length];
    if (request !== undefined) this.operation = request.operation;
    return request;
  }

  begin(sequence: number): void {
    this.sequence = sequence;
    this.underWay = true;
    this.attempt++;
    this.table = [];
    this.interrupted = false;
  }

  /** Whether that was its end. Throws NetlinkError with the errno of the kernel's refusal, or EINTR where the table never stays. */
  take(message: MessageReader): boolean {
    while (message.next()) {
      if (message.sequence !== this.sequence) continue;
      if ((message.flags & FLAG.DUMP_INTR) !== 0) this.interrupted = true;
      if (message.type === TYPE.DONE || message.type === TYPE.ERROR) {
        const errno = errnoOf(message, this.operation);
        if (errno > 0) throw new NetlinkError(this.operation, errno);
        this.end();
        return true;
      }
      if (message.type > TYPE.OVERRUN) this.table.push(this.decode(message, this.tables.length));
    }
    return false;
  }

  /** Whether pieces of it were lost, and it may be asked for again. */
  isLost(error: unknown): boolean {
    return error instanceof NetlinkError && error.errno === ERRNO.ENOBUFS && this.attempt < ATTEMPTS;
  }

  /** Keeps what was read, where it is a table. */
  private end(): void {
    this.underWay = false;
    if (!this.interrupted) {
      this.tables.push(this.table);
      this.attempt = 0;
    } else if (this.attempt >= ATTEMPTS) {
      throw new NetlinkError(this.operation, ERRNO.EINTR, `the table changed during each of ${this.attempt} readings`);
    }
  }
}
