/** Runs whole programs one after the other, and measures each as the kernel accounts for it. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import type { Sample } from "./result";

/** Bundled, this file is in build/bench. */
const SCRIPT = resolve(__dirname, "../../test/bench/measure.pl");

/** A program that did not end as it should: its figures count for nothing. */
export class BadRun extends Error {}

export class Measurer {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #answers: AsyncIterator<string>;
  readonly #errors: string;
  /** What the last program wrote. */
  readonly output: string;

  /** In a named network namespace, or in this process's. */
  constructor(namespace?: string) {
    const folder = mkdtempSync(join(tmpdir(), "bench-"));
    this.output = join(folder, "output");
    this.#errors = join(folder, "errors");
    const enter = namespace === undefined ? [] : ["nsenter", `--net=/run/netns/${namespace}`];
    const [program = "", ...words] = [...enter, "perl", SCRIPT];
    const { NODE_OPTIONS: _options, NODE_V8_COVERAGE: _coverage, ...environment } = process.env;
    const path = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"].join(":");
    this.#process = spawn(program, words, {
      env: { ...environment, LC_ALL: "C", PATH: `${dirname(process.execPath)}:${path}` },
    });
    this.#process.stderr.pipe(process.stderr);
    this.#answers = createInterface(this.#process.stdout)[Symbol.asyncIterator]();
  }

  get pid(): number {
    const { pid } = this.#process;
    if (pid === undefined) throw new Error("measure.pl did not start");
    return pid;
  }

  /** Throws BadRun where the program fails. */
  async run(words: readonly string[], input = "/dev/null"): Promise<Sample> {
    this.#process.stdin.write(`${[input, this.output, this.#errors, ...words].join("\0")}\n`);
    const answer = await this.#answers.next();
    if (answer.done === true) throw new Error("measure.pl ended");
    const [status, seconds, user, kernel, peak] = answer.value.split(" ").map(Number);
    if (status !== 0) {
      const [said = ""] = readFileSync(this.#errors, "utf8").split("\n");
      throw new BadRun(`${words.join(" ")}: status ${(status ?? 0) >> 8}, signal ${(status ?? 0) & 127}: ${said}`);
    }
    return { seconds: seconds ?? 0, user: user ?? 0, kernel: kernel ?? 0, peak: peak ?? 0 };
  }

  close(): void {
    this.#process.stdin.end();
  }
}
