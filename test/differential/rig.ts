/** Two namespaces of one kernel: the reference works in one, our program in the other, and both tables are compared. */
import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { z } from "zod";
import { loadIpv6 } from "../lab/ipv6";
import { KernelTable } from "./kernel-table";
import { type Outcome, Reference } from "./reference";
import { runSubject } from "./subject";

export const REFERENCE = "reference";
export const SUBJECT = "subject";

/** What makes a namespace as it was at first; 1.31 goes on after a daemon that does not run. */
const CLEAN = "--stop-daemon master\n--stop-daemon backup\n--set 900 120 300\n-C\n";

const without = (table: string, other: string): string => {
  const others = new Set(other.split("\n"));
  return table.split("\n").filter((line) => !others.has(line)).join("\n    ");
};

export class Rig {
  /** ipvsadm in its own namespace, and in ours, where it prepares and reads what we read. */
  readonly reference = new Reference(REFERENCE);
  readonly beside = new Reference(SUBJECT);
  readonly #table = new KernelTable();
  readonly #observer: ChildProcessWithoutNullStreams;
  readonly #observed: Interface;
  #prepared: string | undefined;
  #baseline = "";

  constructor() {
    this.#observer = spawn("nsenter", [`--net=/run/netns/${REFERENCE}`, process.execPath, join(__dirname, "observer.cjs")]);
    this.#observer.stderr.pipe(process.stderr);
    this.#observed = createInterface(this.#observer.stdout);
  }

  /** Both namespaces with the same rules, timeouts and no daemons. Cheap where nothing changed since. */
  async prepare(rules: string): Promise<void> {
    if (this.#prepared === rules) return;
    const prepared = await Promise.all([this.reference, this.beside].map((side) => side.run(["-R"], CLEAN + rules)));
    for (const { status, stderr } of prepared) {
      if (status !== 0) throw new Error(`the rules of a case were refused: ${stderr}`);
    }
    const { reference, subject } = await this.#tables();
    if (reference !== subject) throw new Error(`the same rules gave two tables:\n${reference}\n\n${subject}`);
    this.#baseline = subject;
    this.#prepared = rules;
  }

  /** Our program, on our side. */
  async subject(words: readonly string[], stdin?: string, patience?: number): Promise<Outcome> {
    return runSubject(words, stdin, patience);
  }

  /** What differs between the two tables; and what was prepared is forgotten where it no longer stands. */
  async tableProblems(): Promise<string[]> {
    const { reference, subject } = await this.#tables();
    if (subject !== this.#baseline || reference !== subject) this.#prepared = undefined;
    return reference === subject
      ? []
      : [`only in the table of ipvsadm: ${without(reference, subject)}`, `only in the table of ours: ${without(subject, reference)}`];
  }

  async #tables(): Promise<{ reference: string; subject: string }> {
    const observed = new Promise<string>((resolve) => this.#observed.once("line", resolve));
    this.#observer.stdin.write("\n");
    const reference = z.array(z.string()).parse(JSON.parse(await observed)).join("\n");
    return { reference, subject: (await this.#table.read()).join("\n") };
  }

  close(): void {
    this.reference.close();
    this.beside.close();
    this.#observer.stdin.end();
    this.#table.close();
  }
}

/** Makes the two namespaces alike: loopback up with multicast, a dummy eth0. Returns the words that enter ours. */
export function makeNamespaces(): void {
  loadIpv6();
  const ip = (...words: string[]): void => void execFileSync("ip", words, { stdio: ["ignore", "ignore", "inherit"] });
  for (const name of [REFERENCE, SUBJECT]) {
    ip("netns", "add", name);
    const inside = (...words: string[]): void => ip("-n", name, ...words);
    inside("link", "set", "lo", "up", "multicast", "on");
    inside("link", "add", "eth0", "type", "dummy");
    inside("addr", "add", "10.99.0.1/24", "dev", "eth0");
    inside("addr", "add", "2001:db8:99::1/64", "dev", "eth0", "nodad");
    inside("link", "set", "eth0", "up");
    inside("route", "add", "224.0.0.0/4", "dev", "eth0");
  }
}
