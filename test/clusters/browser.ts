/**
 * A client that keeps connections open over as many requests as it likes, and a web server that lets it. What a request
 * over a connection that is open gets, is told by the director's memory and not by its scheduler.
 */
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import type { Machine, Service } from "./cluster";
import type { Answers, Story } from "./story";

export interface Address {
  readonly address: string;
  readonly port: number;
}

/** Each open connection has a number, which whoever opens it chooses. */
export type Order =
  /** Connects, and makes a first request. */
  | { readonly open: number; readonly to: Address; readonly from?: string; readonly fromPort?: number }
  /** Makes one more request over a connection. */
  | { readonly again: number }
  | { readonly close: number };

export interface Outcome {
  /** The server's name; "" where there was no answer, or nothing was asked. */
  readonly answer: string;
  readonly problem?: string;
}

/** The web server whose page is the name of the machine, on these ports. */
export const serveKeepingOpen = async (machine: Machine, ...ports: readonly number[]): Promise<Service> => {
  const program = join(__dirname, "keep-alive-server.cjs");
  const service = machine.start([process.execPath, program, machine.name, ...ports.map(String)]);
  for (const port of ports) await service.listening(port);
  return service;
};

export class Browser {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: Interface;

  /** Patience is how many seconds it waits for an answer. */
  constructor(
    private readonly story: Story,
    machine: Machine,
    patience = 60,
  ) {
    this.#child = machine.converse([process.execPath, join(__dirname, "browser-process.cjs"), String(patience)]);
    this.#lines = createInterface(this.#child.stdout);
  }

  /** Carries the orders out, one after the other. */
  do(orders: readonly Order[]): Promise<readonly Outcome[]> {
    return new Promise((resolve, reject) => {
      const ended = (): void => reject(new Error("the browser has ended"));
      this.#child.once("exit", ended);
      this.#lines.once("line", (line) => {
        this.#child.off("exit", ended);
        resolve(JSON.parse(line));
      });
      this.#child.stdin.write(`${JSON.stringify(orders)}\n`);
    });
  }

  /** Shows and returns the answers to those of the orders that ask something. */
  async ask(orders: readonly Order[]): Promise<Answers> {
    const outcomes = (await this.do(orders)).filter((_, index) => !("close" in (orders[index] ?? {})));
    const answers = outcomes.map(({ answer }) => answer);
    this.story.answered(answers, {}, outcomes.map(({ answer, problem }) => answer || problem || ""));
    return answers;
  }
}
