/**
 * Another program adds 3,000 services while ipvsadm -S, ipvsadm-save and
 * ipvsadm-restore read. From Linux 7 on, the kernel makes its hash table anew
 * meanwhile, and a dump may lack services that stand all the time. What is
 * read has all of these, or the program says that the table never rested, and
 * writes nothing.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { executeLate } from "../../../src/commands/late";
import { run } from "../../../src/commands/run";
import type { IpvsClient } from "../../../src/ipvs/client";
import type { ListedService } from "../../../src/ipvs/model";
import { processWorld } from "../../../src/process-world";
import { saveProgram } from "../../../src/save-restore/save-program";
import { rules } from "../../differential/cases/case";
import type { Outcome } from "../../differential/reference";
import type { Report } from "../../differential/suites/suite";
import { HERE } from "../../lab/kernel";
import { FULL } from "../settings";
import { type Lab, type Suite } from "../lab";

const STANDING = 600;
/** Before Linux 7, nothing is made anew. */
const ADDED = HERE.endsWith("7") || FULL ? 3_000 : 500;
const CHANGED = 255;
const RESTLESS = "the table changed during each of 10 readings";
const UNTOUCHED = "# what was there before\n";

const standing = Array.from({ length: STANDING }, (_, number) => {
  const address = `10.${200 + (number >> 8)}.${number & 255}.1:80`;
  switch (number % 4) {
    case 0: return [`-A -f ${number + 1} -s rr`];
    case 1: return [`-A -t [fd00::${(number + 1).toString(16)}]:80 -s rr`];
    default: return [`-A -t ${address} -s rr`, `-a -t ${address} -r 10.1.0.1:80 -m -w 1`];
  }
}).flat();
const added = rules(...Array.from({ length: ADDED }, (_, number) => `-A -u 10.${20 + (number >> 8)}.${number & 255}.1:53 -s rr`));

interface Reader {
  readonly name: string;
  /** What it ended with, and the rules that it read or lacked. */
  read(lab: Lab): Promise<{ outcome: Outcome; missing: readonly string[]; written: boolean }>;
}

const missingIn = (text: string): string[] => {
  const lines = new Set(text.split("\n"));
  return standing.filter((line) => !lines.has(line));
};

const READERS: readonly Reader[] = [
  {
    name: "ipvsadm -S",
    read: async (lab) => {
      const outcome = await lab.rig.subject(["-S", "-n"]);
      return { outcome, missing: missingIn(outcome.stdout), written: outcome.stdout !== "" };
    },
  },
  {
    name: "ipvsadm-save -o",
    read: async (lab) => {
      const output = join(lab.folder, "growing");
      writeFileSync(output, UNTOUCHED);
      const outcome = await lab.save({ output });
      const text = readFileSync(output, "utf8");
      return { outcome, missing: missingIn(text), written: text !== UNTOUCHED };
    },
  },
  {
    // What stands is no difference: a service that was not seen would be added.
    name: "ipvsadm-restore --noflush --dry-run",
    read: async (lab) => {
      const outcome = await lab.restore(rules(...standing), { keep: true, mode: "dry-run" });
      return { outcome, missing: outcome.stdout.split("\n").filter((line) => line !== ""), written: outcome.stdout !== "" };
    },
  },
];

export const growing: Suite = {
  name: "growing",
  run: async (lab, report) => {
    for (const { name, read } of READERS) {
      await lab.become(rules(...standing));
      let adding = true;
      const adder = lab.rig.beside.run(["-R"], added).finally(() => (adding = false));
      const counts = { whole: 0, gaveUp: 0 };
      const problems: string[] = [];
      // The last reads a table that rests.
      for (let last = false; !last; ) {
        last = !adding;
        // What reads without waiting lets nothing else happen: the end of the other program would never be heard of.
        await new Promise((resolve) => setImmediate(resolve));
        const { outcome, missing, written } = await read(lab);
        const { status, stderr } = outcome;
        if (status === CHANGED && !last) {
          counts.gaveUp++;
          if (!stderr.includes(RESTLESS)) problems.push(`stderr is ${JSON.stringify(stderr)}`);
          if (written) problems.push("it gave up, and wrote something");
        } else {
          counts.whole++;
          if (missing.length > 0) problems.push(`${missing.length} of ${standing.length} lines were not seen: ${missing.slice(0, 3).join(", ")}`);
          if (status !== 0 || stderr !== "") problems.push(JSON.stringify({ status, stderr }));
        }
      }
      const { status, stderr } = await adder;
      if (status !== 0) problems.push(`nothing was added: ${stderr}`);
      console.log(`growing: ${name}, while ${ADDED} services came: read ${counts.whole} times, gave up ${counts.gaveUp} times`);
      report.note(`growing: ${name}`, problems);
    }
    await wrongDumps(lab, report);
    await lab.become("");
  },
};

/** The client, whose first dumps of the services are as a race would have them; it counts all of them. */
function withWrongDumps(ipvs: IpvsClient, wrong: number, spoil: (services: readonly ListedService[], dump: number) => ListedService[]): { ipvs: IpvsClient; dumps: () => number } {
  let dumps = 0;
  const spoilt = new Proxy(ipvs, {
    get: (target, name): unknown => {
      const value: unknown = Reflect.get(target, name, target);
      if (name !== "services") return typeof value === "function" ? value.bind(target) : value;
      return async (...options: Parameters<IpvsClient["services"]>): Promise<ListedService[]> => {
        const services = await target.services(...options);
        return ++dumps <= wrong ? spoil(services, dumps) : services;
      };
    },
  });
  return { ipvs: spoilt, dumps: () => dumps };
}

const SPOILT: Readonly<Record<string, (services: readonly ListedService[], dump: number) => ListedService[]>> = {
  "each time another service is missing": (services, dump) => services.filter((_, index) => index !== dump % services.length),
  "one stands in another's place": ([first, , ...rest]) => (first === undefined ? [] : [first, first, ...rest]),
};

/** What a race does now and then, done each time: on every kernel. */
async function wrongDumps(lab: Lab, report: Report): Promise<void> {
  const table = standing.slice(0, 12);
  await lab.become(rules(...table));
  const complete = [...table].sort().join("\n");
  for (const [how, spoil] of Object.entries(SPOILT)) {
    for (const [wrong, when] of [[2, "twice"], [1_000, "always"]] as const) {
      const always = wrong > 2;
      const note = (name: string, text: string, error: string, status: number): void => {
        const whole = text.trimEnd().split("\n").sort().join("\n") === complete;
        const good = always ? text === "" && status === CHANGED && error.includes(RESTLESS) : whole && status === 0 && error === "";
        report.note(`growing: ${name}, ${how} ${when}`, good ? [] : [JSON.stringify({ text, error, status })]);
      };
      let text = "";
      let error = "";
      const world = { ...processWorld(), out: (more: string) => void (text += more), error: (more: string) => void (error += more) };
      const status = await Promise.resolve(run(["-S", "-n"], { ...world, ipvs: async () => withWrongDumps(lab.ipvs, wrong, spoil).ipvs }, executeLate));
      note("ipvsadm -S", text, error, status);

      const output = join(lab.folder, "spoilt");
      writeFileSync(output, "");
      error = "";
      const saved = await saveProgram({ numeric: true, all: false, output, allowEmpty: true }, { ...world, ipvs: async () => withWrongDumps(lab.ipvs, wrong, spoil).ipvs });
      note("ipvsadm-save", readFileSync(output, "utf8"), error, saved);

      const { stderr, stdout, status: restored } = await lab.restoreIn({ ipvs: async () => withWrongDumps(lab.ipvs, wrong, spoil).ipvs }, rules(...table), { mode: "dry-run" });
      note("ipvsadm-restore", restored === 0 && stdout === "" ? complete : stdout, stderr, restored);
    }
  }
  await listOnce(lab, report);
}

/** A list asks once more where the kernel counts its services, and no more. */
async function listOnce(lab: Lab, report: Report): Promise<void> {
  const counts = existsSync("/proc/net/ip_vs_status");
  for (const [wrong, dumps] of [[0, 1], [1, counts ? 2 : 1], [1_000, counts ? 2 : 1]] as const) {
    const asked = withWrongDumps(lab.ipvs, wrong, (services) => services.slice(1));
    const silent = { ...processWorld(), out: () => undefined, write: () => undefined, ipvs: async () => asked.ipvs };
    const status = await Promise.resolve(run(["-L", "-n"], silent, executeLate));
    report.note(`growing: ipvsadm -L after ${wrong} wrong dumps`, status === 0 && asked.dumps() === dumps ? [] : [`status ${status}, ${asked.dumps()} dumps instead of ${dumps}`]);
  }
}
