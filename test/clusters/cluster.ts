/**
 * The machines of an LVS cluster, all inside one kernel: a machine is a network namespace, a network is a bridge in a
 * namespace of its own, a cable is a veth pair. IPVS is per namespace, so each machine may be a director.
 */
import { type ChildProcess, type ChildProcessWithoutNullStreams, execFile, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { setTimeout as pause } from "node:timers/promises";

/** A program and its arguments, as execve takes them: no shell reads them. */
export type Words = readonly [program: string, ...args: string[]];

export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

export interface Interface {
  readonly network: string;
  /** Each with its prefix: 192.168.0.8/24. */
  readonly addresses: readonly string[];
}

export interface MachineDescription {
  readonly interfaces: Readonly<Record<string, Interface>>;
  /** What `ip route add` takes: ["default", "via", "192.168.0.8"]. */
  readonly routes?: readonly (readonly string[])[];
  readonly sysctls?: Readonly<Record<string, number | string>>;
}

export interface ClusterDescription {
  readonly networks: readonly string[];
  readonly machines: Readonly<Record<string, MachineDescription>>;
}

/** The namespace of the bridges. */
const SWITCH = "switch";
/** In milliseconds: a limit for what hangs, not for a busy machine. */
const PATIENCE = 600_000;

export class CommandFailed extends Error {
  constructor(
    readonly words: Words,
    readonly outcome: Outcome,
  ) {
    super(`${words.join(" ")}: ${outcome.stderr.trim() || outcome.stdout.trim() || `status ${outcome.status}`}`);
  }
}

const statusOf = (error: (Error & { code?: unknown; signal?: NodeJS.Signals | null }) | null): number | undefined => {
  if (error === null) return 0;
  if (typeof error.code === "number") return error.code;
  return error.signal ? 128 + constants.signals[error.signal] : undefined;
};

/** Runs a program to its end. Rejects where it cannot be started. */
const outcomeOf = ([program, ...args]: Words, input: string): Promise<Outcome> =>
  new Promise((resolve, reject) => {
    const child = execFile(program, args, { maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      const status = statusOf(error);
      if (status === undefined) reject(error);
      else resolve({ stdout, stderr, status });
    });
    child.stdin?.on("error", () => {}); // a program need not read its input
    child.stdin?.end(input);
  });

const succeed = async (words: Words, input = ""): Promise<string> => {
  const outcome = await outcomeOf(words, input);
  if (outcome.status !== 0) throw new CommandFailed(words, outcome);
  return outcome.stdout;
};

/** Many ip commands for the price of one process. The machine is `undefined` for the namespace that we are in. */
const ip = async (machine: string | undefined, commands: readonly (readonly string[])[]): Promise<void> => {
  const where = machine === undefined ? [] : ["-netns", machine];
  await succeed(["ip", ...where, "-batch", "-"], commands.map((words) => `${words.join(" ")}\n`).join(""));
};

/** A program that goes on running in a machine: a web server, a keepalived. */
export class Service {
  #stderr = "";

  constructor(
    readonly words: Words,
    private readonly child: ChildProcess,
  ) {
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (this.#stderr += text));
    child.on("error", (error) => (this.#stderr += error.message));
  }

  /** Throws where it could not be started. */
  get pid(): number {
    if (this.child.pid === undefined) throw new Error(`${this.words.join(" ")}: ${this.#stderr}`);
    return this.child.pid;
  }

  /** Returns when the condition holds; throws when it does not in time, or when the program has ended. */
  async until(what: string, condition: (pid: number) => boolean | Promise<boolean>, patience = PATIENCE): Promise<void> {
    const deadline = Date.now() + patience;
    let turn = 20;
    while (this.child.pid !== undefined && this.child.exitCode === null && this.child.signalCode === null) {
      if (await condition(this.child.pid)) return;
      if (Date.now() > deadline) throw new Error(`${this.words.join(" ")}: not ${what} within ${patience / 1000} s${this.#lastWords()}`);
      await pause(turn);
      turn = Math.min(turn * 1.1, 200); // what takes long needs the processor for itself
    }
    throw new Error(`${this.words.join(" ")} ended: ${this.#stderr.trim() || `status ${this.child.exitCode}`}`);
  }

  /** For complaints: the end of what it said on standard error. */
  #lastWords(): string {
    const lines = this.#stderr.trimEnd().split("\n").slice(-5);
    return lines.join("") === "" ? "" : `: ${lines.join("\n")}`;
  }

  /** Returns once the program accepts TCP connections on the port. */
  async listening(port: number): Promise<void> {
    const local = new RegExp(`^ *\\d+: [0-9A-F]+:${port.toString(16).toUpperCase().padStart(4, "0")} [0-9A-F:]+ 0A `, "m");
    // /proc/<pid>/net is that of the program's namespace.
    await this.until(`listening on port ${port}`, (pid) =>
      ["tcp", "tcp6"].some((family) => local.test(readFileSync(`/proc/${pid}/net/${family}`, "latin1"))),
    );
  }

  /** Waits until the program ends, by itself or by a signal that somebody sent: its status, or undefined if that killed it. */
  async ended(patience = PATIENCE): Promise<number | undefined> {
    const deadline = Date.now() + patience;
    while (this.child.exitCode === null && this.child.signalCode === null) {
      if (Date.now() > deadline) throw new Error(`${this.words.join(" ")}: not ended within ${patience / 1000} s`);
      await pause(20);
    }
    return this.child.exitCode ?? undefined;
  }

  async stop(): Promise<void> {
    if (this.child.pid !== undefined && this.child.exitCode === null && this.child.signalCode === null) {
      const gone = new Promise((resolve) => this.child.once("exit", resolve));
      this.#signal("SIGTERM");
      const impatient = setTimeout(() => this.#signal("SIGKILL"), 2000);
      await gone;
      clearTimeout(impatient);
    }
    this.#signal("SIGKILL");
    // Whoever may still hold the other end, nobody waits for it.
    for (const stream of [this.child.stdin, this.child.stdout, this.child.stderr]) stream?.destroy();
  }

  /** To the program and to all that it has started, which may outlive it. */
  #signal(signal: NodeJS.Signals): void {
    if (this.child.pid === undefined) return;
    try {
      process.kill(-this.child.pid, signal);
    } catch {
      // None of them is left.
    }
  }
}

export class Machine {
  readonly #services: Service[] = [];

  constructor(readonly name: string) {}

  #inside(words: Words): Words {
    return ["nsenter", `--net=/run/netns/${this.name}`, "--", ...words];
  }

  /** Runs a program to its end, whatever its status. */
  attempt(words: Words, input = ""): Promise<Outcome> {
    return outcomeOf(this.#inside(words), input);
  }

  /** The same, for programs that must succeed: throws CommandFailed. */
  async run(words: Words, input = ""): Promise<string> {
    const outcome = await this.attempt(words, input);
    if (outcome.status !== 0) throw new CommandFailed(words, outcome);
    return outcome.stdout;
  }

  /**
   * Starts a program that goes on until the machine is switched off; wait for it with the Service's own means. `how` is
   * what runs where that is more than what its complaints should name.
   */
  start(words: Words, how: Words = words): Service {
    const [program, ...args] = this.#inside(how);
    const service = new Service(words, spawn(program, args, { stdio: ["ignore", "ignore", "pipe"], detached: true }));
    this.#services.push(service);
    return service;
  }

  /** The same, for a program that is talked to through its standard input and output. */
  converse(words: Words): ChildProcessWithoutNullStreams {
    const [program, ...args] = this.#inside(words);
    const child = spawn(program, args, { detached: true });
    child.stdin.on("error", () => {}); // whoever waits for an answer hears of its end
    this.#services.push(new Service(words, child));
    return child;
  }

  async switchOff(): Promise<void> {
    await Promise.all(this.#services.map((service) => service.stop()));
  }
}

export class Cluster {
  /** The port of the switch that each cable ends at, by "machine interface". */
  readonly #ports = new Map<string, string>();

  private constructor(private readonly machines: ReadonlyMap<string, Machine>) {}

  /** All machines, wired and with their addresses, routes and sysctls. */
  static async build({ networks, machines }: ClusterDescription): Promise<Cluster> {
    const described = Object.entries(machines);
    const cluster = new Cluster(new Map(described.map(([name]) => [name, new Machine(name)])));
    const cables = described.flatMap(([machine, { interfaces }]) =>
      Object.entries(interfaces).map(([name, { network }]) => ({ machine, name, network })),
    );
    cables.forEach(({ machine, name }, index) => cluster.#ports.set(`${machine} ${name}`, `port${index}`));
    try {
      await ip(undefined, [SWITCH, ...cluster.machines.keys()].map((name) => ["netns", "add", name]));
      await ip(SWITCH, [
        ...networks.flatMap((network) => [
          ["link", "add", network, "type", "bridge", "forward_delay", "0"],
          ["link", "set", network, "up"],
        ]),
        ...cables.flatMap(({ machine, name, network }, index) => [
          ["link", "add", `port${index}`, "type", "veth", "peer", "name", name, "netns", machine],
          ["link", "set", `port${index}`, "master", network, "up"],
        ]),
      ]);
      for (const [name, description] of described) await cluster.machine(name).run(...configuration(description));
      for (const [name, { sysctls = {} }] of described) {
        const settings = Object.entries(sysctls).map(([key, value]) => `${key}=${value}`);
        if (settings.length > 0) await cluster.machine(name).run(["sysctl", "-qw", ...settings]);
      }
    } catch (error) {
      await cluster.remove();
      throw error;
    }
    return cluster;
  }

  get names(): readonly string[] {
    return [...this.machines.keys()];
  }

  machine(name: string): Machine {
    const machine = this.machines.get(name);
    if (machine === undefined) throw new Error(`no machine is called ${name}: ${this.names.join(", ")}`);
    return machine;
  }

  /** Pulls a machine's cable out of the switch: its interface stays up, without a carrier. Nobody else notices. */
  unplug(machine: string, name: string): Promise<void> {
    return this.#setPort(machine, name, "down");
  }

  plugIn(machine: string, name: string): Promise<void> {
    return this.#setPort(machine, name, "up");
  }

  async #setPort(machine: string, name: string, state: "up" | "down"): Promise<void> {
    const port = this.#ports.get(`${machine} ${name}`);
    if (port === undefined) throw new Error(`${machine} has no cable ${name}`);
    await ip(SWITCH, [["link", "set", port, state]]);
  }

  /** Ends every service and takes all namespaces down, and with them their interfaces. */
  async remove(): Promise<void> {
    await Promise.all([...this.machines.values()].map((machine) => machine.switchOff()));
    const present = (await succeed(["ip", "netns", "list"])).split("\n").map((line) => line.split(" ")[0]);
    const ours = [SWITCH, ...this.machines.keys()].filter((name) => present.includes(name));
    await ip(undefined, ours.map((name) => ["netns", "del", name]));
  }
}

/** What gives a machine its addresses and routes, and what that reads. */
const configuration = ({ interfaces, routes = [] }: MachineDescription): [Words, string] => {
  const commands = [
    ["link", "set", "lo", "up"],
    ...Object.entries(interfaces).flatMap(([name, { addresses }]) => [
      // IPv6 would first ask around whether its address is taken, for a second or two.
      ...addresses.map((address) => ["address", "add", address, "dev", name, ...(address.includes(":") ? ["nodad"] : [])]),
      ["link", "set", name, "up"],
    ]),
    ...routes.map((route) => ["route", "add", ...route]),
  ];
  return [["ip", "-batch", "-"], commands.map((words) => `${words.join(" ")}\n`).join("")];
};
