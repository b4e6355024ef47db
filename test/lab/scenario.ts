/** How a scenario is told: what it sets up, each command before it runs, what comes of it. */
import { Chalk, type ChalkInstance } from "chalk";
import type { Machine, Words } from "./cluster";

export interface Scenario {
  readonly title: string;
  play(story: Story): Promise<void>;
}

/** What a scenario expected and did not find. */
export class Unexpected extends Error {}

/** How many requests each server answered. */
export type Tally = ReadonlyMap<string, number>;

const OPTION = /^--?[a-z]/i;

export class Story {
  readonly #paint: ChalkInstance;
  readonly #started = performance.now();
  /** Whether the last thing written is a command: the next one that follows stands close to it. */
  #afterCommand = false;

  constructor(
    /** What is run where a scenario says `ipvsadm`. */
    private readonly ipvsadm: string,
    coloured: boolean,
    private readonly write: (text: string) => void,
  ) {
    this.#paint = new Chalk({ level: coloured ? 1 : 0 });
  }

  title(text: string): void {
    this.#paragraph(this.#paint.bold.underline(text));
  }

  explain(text: string): void {
    this.#paragraph(this.#paint.cyan(text));
  }

  drawing(text: string): void {
    this.#paragraph(text.replace(/^\n|\n *$/g, "").replace(/^/gm, "    "));
  }

  /** Shows the command as one would type it there, runs it, and shows what it prints. It must succeed. */
  async command(machine: Machine, ...words: Words): Promise<string> {
    this.#command(machine, words);
    const [program, ...args] = words;
    const stdout = await machine.run([program === "ipvsadm" ? this.ipvsadm : program, ...args]);
    this.#output(stdout);
    return stdout;
  }

  /** Asks so many times, one after the other; whatever the page says is the name of the server. */
  async requests(client: Machine, url: string, count: number): Promise<Tally> {
    const words: Words = ["curl", "--silent", "--show-error", "--max-time", "5", url];
    this.#command(client, words, `   (${count} times)`);
    const tally = new Map<string, number>();
    for (let request = 1; request <= count; request++) {
      const server = (await client.run(words)).trim();
      tally.set(server, (tally.get(server) ?? 0) + 1);
      this.#output(`${String(request).padStart(String(count).length)}  ${server}\n`);
    }
    return tally;
  }

  /** Throws Unexpected unless each server answered as often as expected, and no other did. */
  expect(expected: Readonly<Record<string, number>>, found: Tally): void {
    const servers = [...new Set([...Object.keys(expected), ...found.keys()])];
    const width = Math.max(...servers.map((server) => server.length));
    const rows = servers.map((server) => ({ server, count: found.get(server) ?? 0, wanted: expected[server] ?? 0 }));
    const lines = rows.map(({ server, count, wanted }) => {
      const bar = "■".repeat(count);
      return count === wanted
        ? `    ${server.padEnd(width)}  ${this.#paint.green(bar)} ${count}, as expected`
        : `    ${server.padEnd(width)}  ${this.#paint.red(bar)} ${count}, ${wanted} expected`;
    });
    this.#paragraph(lines.join("\n"));
    if (rows.some(({ count, wanted }) => count !== wanted)) {
      throw new Unexpected("the requests were not balanced as the weights ask for");
    }
  }

  done(): void {
    const seconds = (performance.now() - this.#started) / 1000;
    this.#paragraph(`${this.#paint.green("✔")} done in ${seconds.toFixed(1)} s\n`);
  }

  failed(error: unknown): void {
    this.#paragraph(`${this.#paint.red("✘")} ${error instanceof Error ? error.message : String(error)}\n`);
  }

  #paragraph(text: string): void {
    this.write(`\n${text}\n`);
    this.#afterCommand = false;
  }

  #command(machine: Machine, [program, ...args]: Words, remark = ""): void {
    const { bold, dim, yellow } = this.#paint;
    const shown = args.map((word) => (OPTION.test(word) ? yellow(word) : word));
    const line = `${dim(`${machine.name}#`)} ${[bold(program), ...shown].join(" ")}${dim(remark)}\n`;
    this.write(this.#afterCommand ? line : `\n${line}`);
    this.#afterCommand = true;
  }

  #output(text: string): void {
    if (text === "") return;
    this.write(text.replace(/^(?=.)/gm, "    "));
    this.#afterCommand = false;
  }
}
