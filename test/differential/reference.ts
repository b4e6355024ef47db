/** Debian's ipvsadm, the reference, run by one long-lived shell in a network namespace: starting processes is dear in the lab. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface, type Interface } from "node:readline";

export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

export class Reference {
  readonly #shell: ChildProcessWithoutNullStreams;
  readonly #answers: Interface;
  readonly #folder = mkdtempSync(join(tmpdir(), "reference-"));

  /** In a named network namespace, or in this process's. */
  constructor(namespace?: string) {
    const [program, ...words] = [...(namespace === undefined ? [] : ["nsenter", `--net=/run/netns/${namespace}`]), "sh"];
    this.#shell = spawn(program ?? "sh", words, { env: { ...process.env, LC_ALL: "C", PATH: `/sbin:/bin:/usr/sbin:/usr/bin:${dirname(process.execPath)}` } });
    this.#shell.stderr.resume();
    this.#answers = createInterface(this.#shell.stdout);
  }

  /** Runs a program (ipvsadm, where none is named) with these words. */
  async run(words: readonly string[], stdin?: string, program = "ipvsadm"): Promise<Outcome> {
    const [input, out, error] = ["in", "out", "err"].map((name) => join(this.#folder, name)) as [string, string, string];
    if (stdin !== undefined) writeFileSync(input, stdin, "latin1");
    const command = [program, ...words].map(quote).join(" ");
    const status = await this.#ask(`${command} <${stdin === undefined ? "/dev/null" : input} >${out} 2>${error}; echo $?`);
    return { stdout: readFileSync(out, "utf8"), stderr: readFileSync(error, "utf8"), status: Number(status) };
  }

  close(): void {
    this.#shell.stdin.end();
  }

  #ask(line: string): Promise<string> {
    return new Promise((resolve) => {
      this.#answers.once("line", resolve);
      this.#shell.stdin.write(`${line}\n`);
    });
  }
}

const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;
