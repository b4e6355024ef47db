/**
 * A client that does not rest: connections that stay open and ask again and again, and new connections all the while. It
 * tells who answered, and how long the slowest answer took.
 */
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import type { Machine } from "./cluster";

export interface Target {
  readonly address: string;
  readonly port: number;
  /** The client's own. */
  readonly fromPort: number;
}

export type Order =
  /** Connects to all of them, and answers when each has had its first answer. */
  | { readonly open: readonly Target[] }
  /** Counts from now, and begins with new connections to these addresses. */
  | { readonly watch: readonly { readonly address: string; readonly port: number }[] }
  /** Answers when each connection has asked something after now, and has its answer or is lost. */
  | { readonly settle: true }
  | { readonly close: true };

/** A connection that stays open. */
export interface Talk {
  readonly address: string;
  readonly fromPort: number;
  /** Everyone who ever answered over it: one server, if all is well. */
  readonly servers: readonly string[];
  /** Seconds that the slowest answer took since `watch`. */
  readonly slowest: number;
  /** Why there is none any more. */
  readonly lost?: string;
}

/** A connection that was opened for one request. */
export interface Call {
  readonly address: string;
  /** The server's name; "" where nobody answered. */
  readonly answer: string;
  readonly seconds: number;
}

export interface Report {
  readonly talks: readonly Talk[];
  readonly calls: readonly Call[];
}

export class Traffic {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: Interface;

  constructor(machine: Machine) {
    this.#child = machine.converse([process.execPath, join(__dirname, "traffic-process.cjs")]);
    this.#lines = createInterface(this.#child.stdout);
  }

  /** Carries the order out, and tells how everything stands. */
  do(order: Order): Promise<Report> {
    return new Promise((resolve, reject) => {
      const ended = (): void => reject(new Error("the client's process has ended"));
      this.#child.once("exit", ended);
      this.#lines.once("line", (line) => {
        this.#child.off("exit", ended);
        resolve(JSON.parse(line));
      });
      this.#child.stdin.write(`${JSON.stringify(order)}\n`);
    });
  }
}
