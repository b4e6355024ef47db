/** A restore that is ended while it works: what it leaves, and that running it again gives the file's table. */
import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { randomFrom } from "../../differential/random";
import type { Outcome } from "../../differential/reference";
import type { Report } from "../../differential/suites/suite";
import { betweenProblems } from "../between";
import { good, type Lab, RESTORE, type Suite } from "../lab";
import { asText, type ShownTable, shownTable } from "../proc-table";
import { SHARE } from "../../lab/share";
import { FULL, SEED } from "../settings";
import { twoTables } from "../two-tables";

const SERVICES = FULL ? 1_000 : 200;
const KILLS = FULL ? 20 : SHARE === 1 ? 5 : 3;
const SIGNALS = FULL ? 16 : SHARE === 1 ? 4 : 2;
/** As many have to end a restore between its first change and its last; others are tried until they do. */
const WITHIN = FULL ? 5 : SHARE === 1 ? 1 : 0;
const MOST_TRIES = 6;
/** A small receive buffer makes small batches: only between two of them a process can be killed. */
const SMALL_BUFFER = 16_384;

/** One of two tables: the file to restore, and the table that it is. */
interface Side {
  readonly file: string;
  readonly shown: ShownTable;
  readonly text: string;
}

/** How long an undisturbed restore takes until its first change, and from then on, in milliseconds. */
interface Pace {
  readonly before: number;
  readonly changing: number;
}

export const killed: Suite = {
  name: "killed",
  run: async (lab, report) => {
    const random = randomFrom(SEED);
    const { old, wanted } = twoTables(SERVICES);
    const second = await side(lab, "b.rules", wanted);
    const first = await side(lab, "a.rules", old);
    const buffer = await receiveBuffer(lab, SMALL_BUFFER);
    // The first of all is slower than those that follow.
    await new Run(second).ended;
    const pace = await paceOf(second, first);
    const within = await kills(report, random, pace, first, second);
    const interrupted = await signals(report, random, pace);
    await receiveBuffer(lab, buffer);
    console.log(
      `killed: ${SERVICES} services, ${pace.before} ms until the first change and ${pace.changing} ms from then on; ` +
        `${within.tries} times SIGKILL, ${within.hits} of them between the first change and the last; ` +
        `${interrupted.tries} times SIGINT or SIGTERM, ${interrupted.old} left the old table, ${interrupted.wanted} the new one`,
    );

    async function signals(report: Report, random: () => number, pace: Pace) {
      const counts = { tries: 0, old: 0, wanted: 0 };
      let [from, to] = asText(shownTable()) === first.text ? [first, second] : [second, first];
      for (; counts.tries < SIGNALS; counts.tries++) {
        const signal = counts.tries % 2 === 0 ? "SIGINT" : "SIGTERM";
        const run = new Run(to);
        await run.moment(from, pace, random, counts.tries % 4 < 2);
        run.kill(signal);
        const outcome = await run.ended;
        const text = asText(shownTable());
        const stands = text === from.text ? "old" : text === to.text ? "wanted" : undefined;
        report.note(`killed: ${signal} ${counts.tries}`, interruptionProblems(signal, outcome, stands));
        if (stands !== undefined) counts[stands]++;
        if (stands === "wanted") [from, to] = [to, from];
        else if (stands === undefined) await new Run(from).ended;
      }
      return counts;
    }
  },
};

/** The receive buffer that new sockets have; returns what it was. */
async function receiveBuffer(lab: Lab, bytes: number): Promise<number> {
  const sysctl = "nsenter --net=/proc/1/ns/net sysctl";
  const { stdout } = await lab.shell(`${sysctl} -n net.core.rmem_default && ${sysctl} -qw net.core.rmem_default=${bytes}`);
  return Number(stdout);
}

async function side(lab: Lab, name: string, text: string): Promise<Side> {
  await lab.become(text);
  const file = join(lab.folder, name);
  writeFileSync(file, text);
  const shown = shownTable();
  return { file, shown, text: asText(shown) };
}

/** Kills restores from one table to the other and back, each finished by another. */
async function kills(report: Report, random: () => number, pace: Pace, from: Side, to: Side) {
  let hits = 0;
  let tries = 0;
  for (; tries < KILLS || (hits < WITHIN && tries < KILLS * MOST_TRIES); tries++) {
    const run = new Run(to);
    await run.moment(from, pace, random, tries % 2 === 0 || tries >= KILLS);
    run.kill("SIGKILL");
    await run.ended;
    const found = shownTable();
    const text = asText(found);
    if (text !== from.text && text !== to.text) hits++;
    const again = await new Run(to).ended;
    const same = asText(shownTable()) === to.text;
    report.note(`killed: SIGKILL ${tries}`, [
      ...betweenProblems(from.shown, to.shown, found).slice(0, 10),
      ...good(again).map((problem) => `run again: ${problem}`),
      ...(same ? [] : ["run again, it did not give the table of its file"]),
    ]);
    [from, to] = [to, from];
  }
  report.note(`killed: ${WITHIN} of the moments are between the first change and the last`, hits >= WITHIN ? [] : [`${hits} of ${tries}`]);
  return { hits, tries };
}

/** What the user is told, and the status, must fit the table. */
function interruptionProblems(signal: "SIGINT" | "SIGTERM", { stderr, status }: Outcome, stands: "old" | "wanted" | undefined): string[] {
  if (stands === undefined) return [`neither the old table stands nor the new one: ${JSON.stringify({ stderr, status })}`];
  const ended = 128 + constants.signals[signal];
  const fits =
    // It came before the program could listen, or after its last look.
    (stderr === "" && (stands === "old" ? status === ended : status === 0)) ||
    (stderr === `ipvsadm-restore: interrupted: the ${stands === "old" ? "old" : "new"} table stands\n` && status === ended);
  return fits ? [] : [`the ${stands} table stands: ${JSON.stringify({ stderr, status })}`];
}

async function paceOf(from: Side, to: Side): Promise<Pace> {
  const run = new Run(to);
  const start = Date.now();
  await run.firstChange(from);
  const changed = Date.now();
  await run.ended;
  return { before: changed - start, changing: Date.now() - changed };
}

/** ipvsadm-restore, under way. */
class Run {
  readonly #child: ChildProcess;
  #running = true;
  readonly ended: Promise<Outcome>;

  constructor(to: Side) {
    this.#child = spawn(RESTORE, [to.file], { stdio: ["ignore", "pipe", "pipe"] });
    const texts = { stdout: "", stderr: "" };
    this.#child.stdout?.setEncoding("utf8").on("data", (text: string) => (texts.stdout += text));
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => (texts.stderr += text));
    this.ended = new Promise((resolve, reject) => {
      this.#child.on("error", reject);
      this.#child.on("close", (code, signal) => {
        this.#running = false;
        resolve({ ...texts, status: code ?? 128 + (signal === null ? 0 : constants.signals[signal]) });
      });
    });
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Returns when the table is no longer the one that it was. */
  async firstChange(from: Side): Promise<void> {
    while (this.#running && asText(shownTable()) === from.text) await pause(2);
  }

  /** A random moment of it all, or of the time in which it changes the table. */
  async moment(from: Side, pace: Pace, random: () => number, changing: boolean): Promise<void> {
    if (changing) await this.firstChange(from);
    await pause(random() * (changing ? pace.changing : pace.before + pace.changing));
  }
}
