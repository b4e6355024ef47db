/** The process of a client's Traffic: an order a line, answered with a line, the report. All of it is JSON. */
import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import type { Call, Order, Report, Talk, Target } from "./traffic";

/** Milliseconds between an answer and the next request over the same connection, and between new connections to an address. */
const BREATH = 300;
const CALL_EVERY = 500;
/** Where a new connection has no answer by then, there will be none. */
const CALL_PATIENCE = 60_000;

const seconds = (from: number): number => (performance.now() - from) / 1000;

/** Sends a request, and resolves with the page. Rejects when the connection ends before. */
const ask = (socket: Socket): Promise<string> =>
  new Promise((resolve, reject) => {
    let received = "";
    const done = (): void => void socket.off("data", hear).off("close", gone).off("error", gone);
    const gone = (error?: unknown): void => {
      done();
      reject(error instanceof Error ? error : new Error("closed"));
    };
    const hear = (data: Buffer): void => {
      received += data.toString("latin1");
      const [, length, page = ""] = /^HTTP\/1\.1 200 [^]*?\r\ncontent-length: (\d+)\r\n(?:[^]*?\r\n)?\r\n([^]*)$/i.exec(received) ?? [];
      if (length === undefined || page.length < Number(length)) return;
      done();
      resolve(page.trim());
    };
    socket.on("data", hear).on("close", gone).on("error", gone);
    socket.write("GET / HTTP/1.1\r\nHost: lab\r\n\r\n");
  });

class Conversation {
  readonly #socket: Socket;
  readonly #servers = new Set<string>();
  #slowest = 0;
  #lost: string | undefined;
  /** When the request went out that is not answered yet; until then it may be the slowest. */
  #sent = 0;
  #answered = 0;
  #wakers: (() => void)[] = [];

  constructor(private readonly target: Target) {
    this.#socket = connect({ host: target.address, port: target.port, localPort: target.fromPort, noDelay: true });
    this.#socket.on("error", () => undefined);
    void this.#goOn();
  }

  async #goOn(): Promise<void> {
    try {
      while (!this.#socket.destroyed) {
        this.#sent = performance.now();
        this.#servers.add(await ask(this.#socket));
        this.#slowest = Math.max(this.#slowest, seconds(this.#sent));
        this.#answered = this.#sent;
        this.#wake();
        await pause(BREATH);
      }
      this.#lost = "closed";
    } catch (error) {
      this.#lost = error instanceof Error ? error.message : String(error);
    }
    this.#wake();
  }

  #wake(): void {
    for (const waker of this.#wakers.splice(0)) waker();
  }

  watch(): void {
    this.#slowest = 0;
  }

  /** Returns when a request is answered that was sent after now, or when there is no connection any more. */
  async settle(): Promise<void> {
    const since = performance.now();
    while (this.#answered < since && this.#lost === undefined) await new Promise<void>((resolve) => this.#wakers.push(resolve));
  }

  /** Returns when both sides have closed. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#socket.closed) return resolve();
      this.#socket.on("close", () => resolve()).end();
    });
  }

  get report(): Talk {
    const { address, fromPort } = this.target;
    return { address, fromPort, servers: [...this.#servers], slowest: this.#slowest, ...(this.#lost === undefined ? {} : { lost: this.#lost }) };
  }
}

const call = async (address: string, port: number): Promise<Call> => {
  const began = performance.now();
  const socket = connect({ host: address, port, noDelay: true });
  socket.setTimeout(CALL_PATIENCE, () => socket.destroy());
  const answer = await ask(socket).catch(() => "");
  socket.destroy();
  return { address, answer, seconds: seconds(began) };
};

let conversations: readonly Conversation[] = [];
let calls: Promise<Call>[] = [];
let timers: NodeJS.Timeout[] = [];

const stopCalling = (): void => {
  for (const timer of timers.splice(0)) clearInterval(timer);
};

const report = async (): Promise<Report> => ({ talks: conversations.map((one) => one.report), calls: await Promise.all(calls) });

const carryOut = async (order: Order): Promise<Report> => {
  if ("open" in order) {
    conversations = order.open.map((target) => new Conversation(target));
    await Promise.all(conversations.map((one) => one.settle()));
    return report();
  }
  if ("watch" in order) {
    calls = [];
    for (const one of conversations) one.watch();
    timers = order.watch.map(({ address, port }) => setInterval(() => calls.push(call(address, port)), CALL_EVERY));
    return { talks: [], calls: [] };
  }
  if ("settle" in order) {
    await Promise.all(conversations.map((one) => one.settle()));
    stopCalling();
    return report();
  }
  stopCalling();
  const closing = conversations;
  conversations = [];
  await Promise.all(closing.map((one) => one.close()));
  return { talks: [], calls: [] };
};

const main = async (): Promise<void> => {
  for await (const line of createInterface(process.stdin)) console.log(JSON.stringify(await carryOut(JSON.parse(line))));
  process.exit(0);
};

void main();
