/** Starts and stops that are ended by SIGKILL at random moments, and that run all at once. */
import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { randomFrom } from "../../differential/random";
import { SHARE } from "../../lab/share";
import { FULL, SEED } from "../../restore/settings";
import { type Namespace, orNeverStarted, problems, RECORDS, type Suite } from "../lab";
import { PRIOR } from "./originals";

const KILLS = FULL ? 20 : SHARE === 1 ? 5 : 3;
/** As many have to end a program in its work; others are tried until they do. */
const WITHIN = FULL ? 6 : SHARE === 1 ? 1 : 0;
const MOST_TRIES = 4;
/** How long the work goes on after the record is written, in milliseconds, generously. */
const WORK = 150;
const AT_ONCE = 4;

const REAL_SERVER = join(process.cwd(), "bin/lvs-realserver");
/** In a tunnel, for there is more to do. */
const START = ["start", "--tunnel", "gue", "192.0.2.1", "2001:db8::1", "192.0.2.2"];
const VIPS = START.slice(3);

const recorded = (): boolean => {
  try {
    return readdirSync(RECORDS).some((name) => name.endsWith(".json"));
  } catch {
    return false;
  }
};

const run = (machine: Namespace, words: readonly string[]): ChildProcess => {
  const [program = "", ...rest] = machine.words(REAL_SERVER, ...words);
  return spawn(program, rest, { stdio: "ignore" });
};

const ended = (child: ChildProcess): Promise<NodeJS.Signals | null> =>
  new Promise((resolve) => child.once("exit", (_code, signal) => resolve(signal)));

/** How long one takes, in milliseconds. */
async function duration(machine: Namespace, words: readonly string[]): Promise<number> {
  const start = Date.now();
  await ended(run(machine, words));
  return Date.now() - start;
}

/** Kills a program: at any moment of its life, or just after it has begun to work. */
async function kill(machine: Namespace, words: readonly string[], life: number, random: () => number, early: boolean): Promise<boolean> {
  const child = run(machine, words);
  const over = ended(child);
  if (early) await pause(random() * life);
  else {
    const record = recorded();
    while (recorded() === record && child.exitCode === null) await pause(1);
    await pause(random() * WORK);
  }
  child.kill("SIGKILL");
  return (await over) === "SIGKILL";
}

export const killed: Suite = {
  name: "killed",
  run: async (lab, report) => {
    const random = randomFrom(SEED);
    await lab.within(1, async (machine) => {
      await machine.must(PRIOR);
      const before = await machine.snapshot();
      const life = await duration(machine, START);
      const started = await machine.snapshot();
      report.note("killed: an undisturbed start", started.some((line) => line.includes("192.0.2.2/32")) ? [] : ["the VIP is not there"]);
      await machine.realServer("stop", "--all");
      let within = 0;
      let tries = 0;
      for (; tries < KILLS || (within < WITHIN && tries < KILLS * MOST_TRIES); tries++) {
        // What is killed is a start, or a stop of what was started.
        const starting = tries % 3 !== 2;
        if (!starting) await machine.realServer(...START);
        const words = starting ? START : ["stop", ...VIPS];
        const died = await kill(machine, words, life, random, tries % 2 === 0);
        const [sinceBefore, sinceStarted] = [await machine.since(before), await machine.since(started)];
        if (died && sinceBefore.length > 0 && sinceStarted.length > 0) within++;
        const name = `killed: ${words[0]} ${tries}`;
        // Either way on from there.
        if (tries % 4 < 2) report.note(`${name}: start again`, [...problems(await machine.realServer(...START)), ...(await machine.since(started))]);
        report.note(`${name}: and stop`, [...problems(orNeverStarted(await machine.realServer("stop", ...VIPS))), ...(await machine.since(before)), ...(recorded() ? ["the record is left"] : [])]);
      }
      console.log(`killed: ${tries} times SIGKILL, ${within} of them between the first change and the last; a start takes ${life} ms`);
    });
    await lab.within(2, async (one, other) => {
      const before = [await one.snapshot(), await other.snapshot()];
      const vips = Array.from({ length: AT_ONCE }, (_, index) => `192.0.2.${index + 1}`);
      const all = (command: string) => Promise.all(vips.map((vip, index) => (index % 2 === 0 ? one : other).process("lvs-realserver", command, vip)));
      const holder = one.shell(`flock ${RECORDS}/lock sleep 1`);
      report.note("killed: many starts at once", (await all("start")).flatMap((outcome) => problems(outcome)));
      await holder;
      const labels = (await one.must("ip -o -4 address show dev lo")).match(/lo:\d+/g);
      report.note("killed: each has a label of its own", labels?.sort().join() === "lo:0,lo:1" ? [] : [`labels: ${labels}`]);
      report.note("killed: and each is active", (await all("status")).flatMap(({ status }) => (status === 0 ? [] : [`status ${status}`])));
      report.note("killed: many stops at once", (await all("stop")).flatMap((outcome) => problems(outcome)));
      report.note("killed: and all is as it was", [...(await one.since(before[0] ?? [])), ...(await other.since(before[1] ?? []))]);
    });
  },
};
