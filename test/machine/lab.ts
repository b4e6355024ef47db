/** What the suites share: network namespaces with our programs in them, and what is compared before and after. */
import { type ChildProcessWithoutNullStreams, execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { z } from "zod";
import { Reference } from "../differential/reference";
import type { Report } from "../differential/suites/suite";
import type { NotOn } from "../lab/kernel";
import { PROGRAMS } from "../lab/programs";

/** One part of these tests. */
export interface Suite {
  readonly name: string;
  readonly not?: NotOn;
  run(lab: Lab, report: Report): Promise<void>;
}

export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

const outcome = z.object({ stdout: z.string(), stderr: z.string(), status: z.number() });
/** Where our programs keep their records. */
export const RECORDS = "/run/lvs";

/** Runs a program to its end; 128 and more is the signal that ended it. */
export const execute = (words: readonly string[]): Promise<Outcome> =>
  new Promise((resolve) => {
    const [program = "", ...rest] = words;
    execFile(program, rest, { maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      const code: unknown = error?.code;
      resolve({ stdout, stderr, status: error === null ? 0 : typeof code === "number" ? code : 128 });
    });
  });

/** The kernel gives a device its IPv6 and its queue when it is first up: here before anything is compared, where there is such a device. */
const TUNNELS = ["tunl0", "sit0", "gre0", "ip6tnl0", "ip6gre0"];

/** A network namespace with loopback up, and a dummy eth0 of 10.99.0.1/24 and 2001:db8:99::1/64. */
export class Namespace {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #answers: Interface;
  readonly #shell: Reference;
  #scripts: Promise<unknown> = Promise.resolve();

  private constructor(readonly name: string) {
    this.#child = spawn("nsenter", [...this.#enter(), process.execPath, join(__dirname, "resident.cjs")]);
    this.#child.stderr.pipe(process.stderr);
    this.#answers = createInterface(this.#child.stdout);
    this.#shell = new Reference(name);
  }

  static async create(name: string): Promise<Namespace> {
    const script = `ip netns add ${name} && cd / && ip -n ${name} -batch - <<'E'
link set lo up
link add eth0 type dummy
address add 10.99.0.1/24 dev eth0
address add 2001:db8:99::1/64 dev eth0 nodad
link set eth0 up
E
ip -n ${name} -force -batch - 2>/dev/null <<'E' || true
${TUNNELS.map((device) => `link set ${device} up\nlink set ${device} down`).join("\n")}
E`;
    const { status, stderr } = await execute(["sh", "-c", script]);
    if (status !== 0) throw new Error(`the namespace ${name} cannot be made: ${stderr}`);
    return new Namespace(name);
  }

  #enter(): string[] {
    return [`--net=/run/netns/${this.name}`, "--"];
  }

  #ask(order: object): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const ended = (): void => reject(new Error(`the resident of ${this.name} ended`));
      this.#child.once("exit", ended);
      this.#answers.once("line", (line) => {
        this.#child.off("exit", ended);
        resolve(JSON.parse(line));
      });
      this.#child.stdin.write(`${JSON.stringify(order)}\n`);
    });
  }

  /** lvs-realserver, within the process that lives here. */
  async realServer(...words: string[]): Promise<Outcome> {
    return this.program("lvs-realserver", words);
  }

  async program(program: string, words: readonly string[], { coloured = false } = {}): Promise<Outcome> {
    return outcome.parse(await this.#ask({ program, words, coloured }));
  }

  /** From now on, programs that run here have this umask. */
  async umask(mask: number): Promise<void> {
    await this.#ask({ umask: mask });
  }

  /** From now on, programs run here as another user, without privileges: what needs them comes before. */
  async becomeNobody(): Promise<void> {
    await this.#ask({ nobody: true });
  }

  /** The words of a program as a process in this namespace. */
  words(...words: string[]): string[] {
    return ["nsenter", ...this.#enter(), ...words];
  }

  /** One of bin/, as a process. */
  process(program: string, ...words: string[]): Promise<Outcome> {
    return execute(this.words(join(PROGRAMS, program), ...words));
  }

  /** One script after the other: a shell that is there already starts programs four times as fast as this process would. */
  async shell(script: string): Promise<Outcome> {
    const ended = this.#scripts.then(() => this.#shell.run(["-c", script], undefined, "sh"));
    this.#scripts = ended;
    return ended;
  }

  /** The same, which must succeed; returns what it prints. */
  async must(script: string): Promise<string> {
    const { status, stdout, stderr } = await this.shell(script);
    if (status !== 0) throw new Error(`${script}: ${stderr}`);
    return stdout;
  }

  /** Every address, link and sysctl of the network's devices: by ip(8), and by /proc. */
  async snapshot(): Promise<string[]> {
    const sysctls = z.array(z.string()).parse(await this.#ask({ sysctls: true }));
    const shown = await this.must("printf 'address show\\nlink show\\nfou show\\n' | ip -o -batch -");
    // A device keeps the queue that it gets when it is first up.
    const passing = / qdisc \w+| permaddr .*| +valid_lft .*/g;
    const lines = shown.split("\n").map((line) => line.replace(/^\d+: /, "").replace(passing, "").trim());
    return [...sysctls, ...lines.sort()];
  }

  /** What is there, and what is not, compared with before. */
  async since(before: readonly string[]): Promise<string[]> {
    const now = await this.snapshot();
    const [then, after] = [new Set(before), new Set(now)];
    return [...before.filter((line) => !after.has(line)).map((line) => `gone: ${line}`), ...now.filter((line) => !then.has(line)).map((line) => `new: ${line}`)];
  }

  async remove(): Promise<void> {
    const gone = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.stdin.end();
    await gone;
    this.#shell.close();
    await execute(["ip", "netns", "delete", this.name]);
  }
}

export class Lab {
  /** A folder that goes away at the end. */
  readonly folder = mkdtempSync(join(tmpdir(), "machine-"));
  #namespaces = 0;

  /** Runs work in namespaces of its own, and removes them. */
  async within(count: number, work: (...namespaces: Namespace[]) => Promise<void>): Promise<void> {
    const namespaces: Namespace[] = [];
    try {
      for (let made = 0; made < count; made++) namespaces.push(await Namespace.create(`machine${++this.#namespaces}`));
      await work(...namespaces);
    } finally {
      for (const namespace of namespaces) await namespace.remove();
    }
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What is said of a VIP that is to be stopped and was never started. */
export const neverStarted = (program: string, ...vips: readonly string[]): string =>
  vips.map((vip) => `${program}: ${vip}: was not started here: there is nothing to stop\n`).join("");

/** An outcome without that: whether a program that was killed had recorded a VIP is chance. */
export const orNeverStarted = (outcome: Outcome): Outcome => ({ ...outcome, stderr: outcome.stderr.replace(/^\S+: \S+: was not started here: there is nothing to stop\n/gm, "") });

/** What is wrong with an outcome: nothing is printed and the status is 0, if not said otherwise. */
export function problems(found: Outcome, expected: Partial<Outcome> = {}): string[] {
  const wanted = { stdout: "", stderr: "", status: 0, ...expected };
  return (["status", "stdout", "stderr"] as const).flatMap((part) =>
    found[part] === wanted[part] ? [] : [`${part}: ${JSON.stringify(found[part])}, expected ${JSON.stringify(wanted[part])}`],
  );
}
