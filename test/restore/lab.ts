/** What the suites share: a table to work on, both programs over it, and the rig with ipvsadm's namespace. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { explain, parseContext } from "../../src/commands/run";
import type { IpvsClient } from "../../src/ipvs/client";
import type { Timeouts } from "../../src/ipvs/model";
import { openIpvs } from "../../src/open-ipvs";
import { processWorld } from "../../src/process-world";
import { Progress } from "../../src/save-restore/progress";
import { restore, type RestoreOptions, type RestoreWorld } from "../../src/save-restore/restore";
import { saveProgram, type SaveOptions } from "../../src/save-restore/save-program";
import { KernelTable } from "../differential/kernel-table";
import type { Outcome } from "../differential/reference";
import { Rig } from "../differential/rig";
import type { Report } from "../differential/suites/suite";
import { PROGRAMS } from "../lab/programs";

/** One part of these tests. */
export interface Suite {
  readonly name: string;
  run(lab: Lab, report: Report): Promise<void>;
}

export const RESTORE = join(PROGRAMS, "ipvsadm-restore");
export const SAVE = join(PROGRAMS, "ipvsadm-save");

/** What a namespace begins with. */
export const USUAL_TIMEOUTS: Timeouts = { tcp: 900, tcpFin: 120, udp: 300 };
const USUAL_RESTORE: RestoreOptions = { drain: 0, clear: false, keep: false, mode: "restore", verbose: false, skipBad: false };
const USUAL_SAVE: SaveOptions = { numeric: true, all: false, output: undefined, allowEmpty: true };

export const good = (outcome: Outcome, stdout = ""): string[] => {
  const { status, stderr } = outcome;
  return status === 0 && stderr === "" && outcome.stdout === stdout ? [] : [`not as it should be: ${JSON.stringify(outcome)}`];
};

export class Lab {
  readonly rig = new Rig();
  /** A folder that goes away at the end. */
  readonly folder = mkdtempSync(join(tmpdir(), "restore-"));
  readonly #table = new KernelTable();

  private constructor(readonly ipvs: IpvsClient) {}

  static async open(): Promise<Lab> {
    return new Lab(await openIpvs());
  }

  /** The kernel's table of our namespace, as the kernel's own bytes. */
  table(): Promise<string[]> {
    return this.#table.read();
  }

  /** Our table, timeouts and daemons are those of these rules; the usual ones where they name none. */
  async become(rules: string): Promise<void> {
    await this.stopDaemons();
    await this.ipvs.change({ kind: "set-timeouts", timeouts: USUAL_TIMEOUTS });
    await this.ipvs.change({ kind: "flush" });
    const outcome = await this.restore(rules);
    if (outcome.status !== 0) throw new Error(`the rules of a test were refused: ${outcome.stderr}`);
  }

  async stopDaemons(): Promise<void> {
    const daemons = await this.ipvs.daemons();
    // The kernel of user-mode Linux never answers who stops a daemon in the moment after it was started.
    if (daemons.length > 0) await pause(50);
    for (const daemon of daemons) await this.ipvs.change({ kind: "stop-daemon", daemon });
  }

  /** ipvsadm-restore, within this process. */
  restore(input: string | Buffer, options: Partial<RestoreOptions> = {}, source = "stdin"): Promise<Outcome> {
    return this.#restore({ input: Buffer.from(input), source }, options);
  }

  /** The same, in a world that differs in some way. */
  restoreIn(world: Partial<RestoreWorld>, input: string, options: Partial<RestoreOptions> = {}): Promise<Outcome> {
    return this.#restore({ ...world, input: Buffer.from(input) }, options);
  }

  /** The same, but between its last look at the table and its first change, ipvsadm carries these rules out. */
  restoreAfter(meddling: string, input: string): Promise<Outcome> {
    let met = false;
    const meddled = new Proxy(this.ipvs, {
      get: (ipvs, name): unknown => {
        const value: unknown = Reflect.get(ipvs, name, ipvs);
        if (typeof value !== "function") return value;
        if (name !== "changeAll" || met) return value.bind(ipvs);
        return async (...changes: unknown[]): Promise<unknown> => {
          met = true;
          await this.rig.beside.run(["-R"], meddling);
          return Reflect.apply(value, ipvs, changes);
        };
      },
    });
    return this.restoreIn({ ipvs: async () => meddled }, input);
  }

  async #restore(world: Partial<RestoreWorld>, options: Partial<RestoreOptions>): Promise<Outcome> {
    let stdout = "";
    let stderr = "";
    const usual: RestoreWorld = {
      context: parseContext(processWorld()),
      source: "stdin",
      input: Buffer.alloc(0),
      out: (text) => (stdout += text),
      complain: (message) => (stderr += `${message}\n`),
      error: (text) => (stderr += text),
      progress: new Progress(undefined),
      interrupted: () => undefined,
      sleep: (milliseconds) => pause(milliseconds),
      ipvs: async () => this.ipvs,
    };
    try {
      const status = await restore({ ...USUAL_RESTORE, ...options }, { ...usual, ...world });
      return { stdout, stderr, status };
    } catch (error) {
      const { status, message } = explain(error, { inUserNamespace: () => false });
      return { stdout, stderr: `${stderr}${message}\n`, status };
    }
  }

  /** ipvsadm-save, within this process. What it writes goes through a file, for it writes to a descriptor. */
  async save(options: Partial<SaveOptions> = {}): Promise<Outcome> {
    const output = join(this.folder, "saved");
    let stderr = "";
    const status = await saveProgram(
      { ...USUAL_SAVE, output, ...options },
      { ...processWorld(), error: (text) => (stderr += text), ipvs: async () => this.ipvs },
    );
    return { stdout: options.output === undefined ? readFileSync(output, "utf8") : "", stderr, status };
  }

  /** A shell script in our namespace; "$1" and so on are the words. */
  shell(script: string, ...words: string[]): Promise<Outcome> {
    return this.rig.beside.run(["-c", `cd ${this.folder} && ${script}`, "sh", ...words], undefined, "sh");
  }

  close(): void {
    this.rig.close();
    this.#table.close();
    this.ipvs.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
