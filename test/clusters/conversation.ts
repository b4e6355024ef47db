/** A connection that stays open, over which lines are exchanged: busybox's nc as the client, a shell as the server. */
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import type { Machine, Service } from "./cluster";
import type { Story } from "./story";

/** Answers every line with the machine's name and the line. */
export const echo = async (machine: Machine, port: number, name = machine.name): Promise<Service> => {
  const service = machine.start(["busybox", "nc", "-ll", "-p", String(port), "-e", "sh", "-c", `while read -r line; do echo "${name} $line"; done`]);
  await service.listening(port);
  return service;
};

/** Milliseconds until an answer is given up: on a busy machine an emulated kernel takes many seconds to start a program. */
const PATIENCE = 600_000;

export class Conversation {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #heard: string[] = [];
  #ended = false;

  /** Shows the command and connects. */
  constructor(
    private readonly story: Story,
    private readonly client: Machine,
    address: string,
    port: number,
  ) {
    this.#child = story.converse(client, ["busybox", "nc", address, String(port)]);
    createInterface(this.#child.stdout).on("line", (line) => this.#heard.push(line)).on("close", () => (this.#ended = true));
  }

  /** Says a line, and returns what comes back; undefined where the connection is gone. Throws where nothing comes. */
  async ask(line: string): Promise<string | undefined> {
    const before = this.#heard.length;
    const deadline = Date.now() + PATIENCE;
    this.#child.stdin.write(`${line}\n`);
    while (this.#heard.length === before && !this.#ended) {
      if (Date.now() > deadline) throw new Error(`no answer to "${line}" within ${PATIENCE / 1000} s`);
      await pause(20);
    }
    const answer = this.#heard[before];
    this.story.exchanged(this.client, line, answer);
    return answer;
  }
}
