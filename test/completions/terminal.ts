/** An interactive shell on a terminal of its own, with us at the keyboard. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";

/** What the shells say to us stands between these, and its parts apart by a third: no key, and in no table. */
const FRAME = /\x1e([^\x1f]*)\x1f/;
const PART = "\x1d";
/** In milliseconds; the machine may have other work. */
const PATIENCE = 600_000;

export class Terminal {
  readonly #child: ChildProcessWithoutNullStreams;
  #heard = "";
  #shown = "";
  #wake: () => void = () => undefined;

  /** Runs a command of sh(1) on a terminal. */
  constructor(command: string, environment: NodeJS.ProcessEnv, folder: string) {
    const env = { ...environment, SHELL: "/bin/sh", TERM: "vt100" };
    this.#child = spawn("script", ["-qfec", `stty rows 50 cols 250; ${command}`, "/dev/null"], { env, cwd: folder });
    this.#child.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.#heard += text;
      this.#wake();
    });
    this.#child.on("exit", () => this.#wake());
  }

  type(keys: string): void {
    this.#child.stdin.write(keys);
  }

  /** What the shell tells us next under a name; everything else that it shows is kept. */
  async told(name: string): Promise<string[]> {
    const found = await this.#wait(name, () => FRAME.exec(this.#heard) ?? undefined);
    this.#shown += this.#heard.slice(0, found.index);
    this.#heard = this.#heard.slice(found.index + found[0].length);
    const [first, ...parts] = (found[1] ?? "").split(PART);
    if (first !== name) throw new Error(`expected ${name}, and the shell told ${JSON.stringify(found[1])}`);
    return parts;
  }

  /** The shell has started, and asks: before, what is typed would go elsewhere. */
  async asks(prompt: string): Promise<void> {
    await this.told("ready");
    await this.#wait("the prompt", () => this.#heard.includes(prompt) || undefined);
  }

  /** Returns once this is on the terminal, after all that was waited for before: what stands between the two. */
  async shows(text: string): Promise<string> {
    const at = await this.#wait(JSON.stringify(text), () => {
      const found = this.#heard.indexOf(text);
      return found === -1 ? undefined : found;
    });
    const between = this.#heard.slice(0, at);
    this.#shown += between + text;
    this.#heard = this.#heard.slice(at + text.length);
    return between;
  }

  async #wait<T>(what: string, look: () => T | undefined): Promise<T> {
    const until = Date.now() + PATIENCE;
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      if (this.#child.exitCode !== null || Date.now() > until) throw new Error(`no word of ${what}; the terminal shows ${JSON.stringify(this.shown.slice(-1000))}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 1000);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** All that the terminal has shown so far. */
  get shown(): string {
    return this.#shown + this.#heard;
  }

  close(): void {
    this.#child.kill("SIGKILL");
  }
}
