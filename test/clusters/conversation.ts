/** A connection that stays open, over which lines are exchanged: busybox's nc as the client, a shell as the server. */
import { createInterface } from "node:readline";
import type { Machine, Service } from "./cluster";
import type { Story } from "./story";

/** Answers every line with the machine's name and the line. */
export const echo = async (machine: Machine, port: number, name = machine.name): Promise<Service> => {
  const service = machine.start(["busybox", "nc", "-ll", "-p", String(port), "-e", "sh", "-c", `while read -r line; do echo "${name} $line"; done`]);
  await service.listening(port);
  return service;
};

export class Conversation {
  readonly #service: Service;
  readonly #heard: string[] = [];
  #ended = false;

  /** Shows the command and connects. */
  constructor(
    private readonly story: Story,
    private readonly client: Machine,
    address: string,
    port: number,
  ) {
    const words = ["busybox", "nc", address, String(port)] as const;
    this.#service = story.start(client, words, words, "pipe");
    const { stdin, stdout } = this.#service.child;
    if (stdin === null || stdout === null) throw new Error("the client's input and output are no pipes");
    stdin.on("error", () => {}); // nobody reads it any more: that is for the asking side to notice
    createInterface(stdout).on("line", (line) => this.#heard.push(line)).on("close", () => (this.#ended = true));
  }

  /** Says a line, and returns what comes back; undefined where the connection is gone. */
  async ask(line: string): Promise<string | undefined> {
    const before = this.#heard.length;
    this.#service.child.stdin?.write(`${line}\n`);
    try {
      await this.#service.until("answered", () => this.#heard.length > before);
    } catch (error) {
      // The answer may have come with the end.
      if (!this.#ended) throw error;
    }
    const answer = this.#heard[before];
    this.story.exchanged(this.client, line, answer);
    return answer;
  }
}
