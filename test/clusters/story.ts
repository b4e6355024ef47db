/** How a scenario is told: what it sets up, each command before it runs, what comes of it, and what should have. */
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { join } from "node:path";
import { Chalk, type ChalkInstance } from "chalk";
import type { NotOn } from "../lab/kernel";
import { PROGRAMS } from "../lab/programs";
import type { Machine, Outcome, Service, Words } from "./cluster";

export interface Scenario {
  /** What `npm run lab -- NAME` calls it. */
  readonly name: string;
  readonly title: string;
  /** Where it cannot run on one of the kernels: which, and why, found by trying. The summary shows it. */
  readonly not?: NotOn;
  /** Builds its cluster, and removes it whatever happens. */
  play(story: Story): Promise<void>;
  /** Where that takes minutes: what `npm test` plays instead, or that it leaves it to `npm run test:full`. */
  readonly short?: ((story: Story) => Promise<void>) | "nothing";
}

/** What a scenario expected and did not find. */
export class Unexpected extends Error {}

/** Who answered each request, in order; "" where nobody did. */
export type Answers = readonly string[];

/** How many answers each server gave, or each answer in its order. */
export type Expected = Readonly<Record<string, number>> | readonly string[];

/** One expectation, for the summary. */
export interface Finding {
  readonly what: string;
  readonly sent: number;
  readonly found: string;
  readonly expected: string;
  readonly held: boolean;
}

export interface RequestOptions {
  /** The client's address, where it has several. */
  readonly from?: string;
  /** The client's ports, as curl's --local-port has them: "40000-40009". */
  readonly localPort?: string;
  /** Seconds until a request is given up. */
  readonly patience?: number;
  /** Failed requests are part of the story. */
  readonly mayFail?: boolean;
}

/** Our own programs: where a scenario says their names, they run. */
const OURS = ["ipvsadm", "ipvsadm-save", "ipvsadm-restore", "lvs-realserver", "lvs-director"];

const OPTION = /^--?[a-z]/i;
/** Words that a shell would read otherwise are shown in quotes. */
const PLAIN = /^[\w@%+=:,./[\]-]+$/;
/** After each answer curl writes such a line: its own status, HTTP's, and what went wrong. */
const END = /^end (\d+) (\d{3}) ?(.*)$/;

const counted = (answers: Answers): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const server of answers) counts.set(server, (counts.get(server) ?? 0) + 1);
  return counts;
};

const named = (server: string): string => (server === "" ? "nobody" : server);
const inWords = (counts: Iterable<readonly [string, number]>): string =>
  [...counts].filter(([, count]) => count > 0).sort(([one], [other]) => one.localeCompare(other, "en", { numeric: true })).map(([server, count]) => `${named(server)} ${count}`).join(", ") || "none";
const isSequence = (expected: Expected): expected is readonly string[] => Array.isArray(expected);
const tally = (expected: Expected): Map<string, number> =>
  isSequence(expected) ? counted(expected) : new Map(Object.entries(expected));

export class Story {
  readonly findings: Finding[] = [];
  /** The reasons of parts that cannot be on this kernel. */
  readonly leftOut: string[] = [];
  /** Of all requests. */
  sent = 0;
  failed = 0;
  /** Failed requests that the story expects. */
  #excused = 0;
  readonly #paint: ChalkInstance;
  readonly #started = performance.now();
  /** Whether the last thing written is a command: the next one that follows stands close to it. */
  #afterCommand = false;

  constructor(
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
    return this.#tell(machine, words, "");
  }

  /** The same, where `how` is what runs: more than one would type there. */
  async commandThrough(machine: Machine, words: Words, how: Words): Promise<string> {
    return this.#tell(machine, words, "", how);
  }

  /** The same as command, with lines for the program to read from its standard input. */
  async commandReading(lines: readonly string[], machine: Machine, ...words: Words): Promise<string> {
    return this.#tell(machine, words, lines.map((line) => `${line}\n`).join(""));
  }

  /** Services and servers as lines of rules, by one process: where a story has many of them. */
  async rules(director: Machine, ...lines: readonly string[]): Promise<void> {
    await this.commandReading(lines, director, "ipvsadm", "-R");
  }

  /** Shows and runs a command that need not succeed. */
  async attempt(machine: Machine, ...words: Words): Promise<Outcome> {
    this.#command(machine, words);
    const outcome = await machine.attempt(program(words));
    this.#output(`${outcome.stdout}${outcome.stderr}`);
    return outcome;
  }

  /** Shows a command and starts it: it goes on. `how` is what runs where that is more than one would type there. */
  start(machine: Machine, words: Words, how: Words = words): Service {
    this.#command(machine, words, " &");
    return machine.start(words, program(how));
  }

  /** Shows and starts a command that is talked to through its standard input and output. */
  converse(machine: Machine, words: Words): ChildProcessWithoutNullStreams {
    this.#command(machine, words);
    return machine.converse(program(words));
  }

  /** Shows a line that was sent over a connection, and what came back. */
  exchanged(client: Machine, line: string, answer = "(the connection is gone)"): void {
    this.#paragraph(`    ${this.#paint.dim(`${client.name}>`)} ${line}\n    ${this.#paint.dim(`${client.name}<`)} ${answer}`);
  }

  /** Shows a file of the machine. */
  file(machine: Machine, path: string, text: string): void {
    this.#command(machine, ["cat", path]);
    this.#output(text);
  }

  /** Asks so many times, one after the other, with a new connection each; whatever the page says is who answered. */
  async requests(client: Machine, url: string, count: number, options: RequestOptions = {}): Promise<Answers> {
    const { from, localPort, patience = 60 } = options;
    const words: Words = [
      "curl",
      "--silent",
      "--max-time",
      String(patience),
      ...(from === undefined ? [] : ["--interface", from]),
      ...(localPort === undefined ? [] : ["--local-port", localPort]),
      ...(url.startsWith("https:") ? ["--insecure"] : []),
    ];
    this.#command(client, [...words, url], count === 1 ? "" : `   (${count} times)`);
    // One process for all of them, for starting one is what costs; the query has curl count.
    const all = ["--header", "Connection: close", "--write-out", "end %{exitcode} %{http_code} %{errormsg}\\n", `${url}?[1-${count}]`];
    const { stdout, stderr } = await client.attempt([...words, ...all]);
    const answers: string[] = [];
    const shown: string[] = [];
    let page = "";
    for (const line of stdout.split("\n")) {
      const [, status, http, problem] = END.exec(line) ?? [];
      if (status === undefined) page += line;
      else {
        const good = status === "0" && http === "200";
        answers.push(good ? page : "");
        shown.push(good ? page : problem || `HTTP ${http}`);
        page = "";
      }
    }
    if (answers.length !== count) throw new Error(`curl made ${answers.length} requests of ${count}: ${stderr}${stdout}`);
    this.answered(answers, options, shown);
    return answers;
  }

  /** Counts and shows answers that came in some other way than by requests(). */
  answered(answers: Answers, { mayFail = false }: RequestOptions = {}, shown: readonly string[] = answers): void {
    const failed = answers.filter((server) => server === "").length;
    this.sent += answers.length;
    this.failed += failed;
    if (mayFail) this.#excused += failed;
    const width = String(answers.length).length;
    this.#output(shown.map((text, index) => `${String(index + 1).padStart(width)}  ${text || "nobody"}\n`).join(""));
  }

  /**
   * Throws Unexpected unless each server answered as often as expected and no other did, or, for a sequence, unless
   * each request was answered by the server in its place.
   */
  expect(what: string, expected: Expected, found: Answers): void {
    const wanted = tally(expected);
    const counts = counted(found);
    const servers = [...new Set([...wanted.keys(), ...counts.keys()])];
    const width = Math.max(...servers.map((server) => named(server).length));
    const lines = servers.map((server) => {
      const count = counts.get(server) ?? 0;
      const hoped = wanted.get(server) ?? 0;
      const bar = "■".repeat(count);
      return count === hoped
        ? `    ${named(server).padEnd(width)}  ${this.#paint.green(bar)} ${count}, as expected`
        : `    ${named(server).padEnd(width)}  ${this.#paint.red(bar)} ${count}, ${hoped} expected`;
    });
    const wrong = isSequence(expected) ? expected.findIndex((server, index) => server !== found[index]) : -1;
    if (isSequence(expected)) {
      lines.push(
        wrong === -1
          ? "    each in its place, as expected"
          : `    answer ${wrong + 1} came from ${named(found[wrong] ?? "")}, ${named(expected[wrong] ?? "")} expected`,
      );
    }
    this.#paragraph(lines.join("\n"));
    const held = wrong === -1 && servers.every((server) => (counts.get(server) ?? 0) === (wanted.get(server) ?? 0));
    this.#excused += wanted.get("") ?? 0;
    const inOrder = isSequence(expected) ? ", in order" : "";
    this.#find({ what, sent: found.length, found: inWords(counts), expected: `${inWords(wanted)}${inOrder}`, held });
  }

  /** Any other assertion: throws Unexpected unless it holds. */
  check(what: string, holds: boolean, found = ""): void {
    const { green, red } = this.#paint;
    this.#paragraph(`    ${holds ? green("✔") : red("✘")} ${what}${found === "" ? "" : `: ${found}`}`);
    this.#find({ what, sent: 0, found, expected: "", held: holds });
  }

  /** A part that cannot be on this kernel. */
  leaveOut(part: string, reason: string): void {
    this.leftOut.push(reason);
    this.#paragraph(`    ${this.#paint.yellow("left out")} ${part}: ${reason}`);
  }

  /** Throws Unexpected if a request failed that nothing in the story expects to fail. */
  end(): void {
    const lost = this.failed - this.#excused;
    if (lost > 0) throw new Unexpected(`${lost} of ${this.sent} requests failed where none should`);
  }

  /** Since the story began. */
  get seconds(): number {
    return (performance.now() - this.#started) / 1000;
  }

  done(): void {
    this.#paragraph(`${this.#paint.green("✔")} done in ${this.seconds.toFixed(1)} s\n`);
  }

  gaveUp(error: unknown): void {
    this.#paragraph(`${this.#paint.red("✘")} ${error instanceof Error ? error.message : String(error)}\n`);
  }

  #find(finding: Finding): void {
    this.findings.push(finding);
    const { held, what, found, expected } = finding;
    if (!held) throw new Unexpected(`${what}: ${[found, expected && `expected: ${expected}`].filter(Boolean).join("; ") || "not so"}`);
  }

  async #tell(machine: Machine, words: Words, input: string, how: Words = words): Promise<string> {
    this.#command(machine, words, input === "" ? "" : " <<END");
    if (input !== "") this.write(`${input}END\n`);
    const stdout = await machine.run(program(how), input);
    this.#output(stdout);
    return stdout;
  }

  #paragraph(text: string): void {
    this.write(`\n${text}\n`);
    this.#afterCommand = false;
  }

  #command(machine: Machine, [program, ...args]: Words, remark = ""): void {
    const { bold, dim, yellow } = this.#paint;
    const shown = args.map((word) => (PLAIN.test(word) ? word : `'${word}'`)).map((word) => (OPTION.test(word) ? yellow(word) : word));
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

/** What is run for these words: ours where they name one of ours. */
export const program = ([name, ...args]: Words): Words => [
  OURS.includes(name) ? join(PROGRAMS, name) : name,
  ...args,
];
