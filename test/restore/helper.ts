/** A program beside these tests that takes orders, a line each, and answers each with a line. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";

export class Helper {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #answers: Interface;

  /** One of those that are bundled beside; in a namespace of that name, or in ours. */
  constructor(program: string, words: readonly string[] = [], namespace?: string) {
    const command = [process.execPath, join(__dirname, program), ...words];
    const [first = "", ...rest] = namespace === undefined ? command : ["nsenter", `--net=/run/netns/${namespace}`, ...command];
    this.#child = spawn(first, rest);
    this.#child.stderr.pipe(process.stderr);
    this.#answers = createInterface(this.#child.stdout);
  }

  /** Returns what it answers. */
  ask(order: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const ended = (): void => reject(new Error(`a helper ended at ${order}`));
      this.#child.once("exit", ended);
      this.#answers.once("line", (line) => {
        this.#child.off("exit", ended);
        resolve(line);
      });
      this.#child.stdin.write(`${order}\n`);
    });
  }

  close(): void {
    this.#child.stdin.end();
  }
}
