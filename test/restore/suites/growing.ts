/**
 * Another program adds 3,000 services while ipvsadm -S, ipvsadm-save and
 * ipvsadm-restore read. From Linux 7 on, the kernel makes its hash table anew
 * meanwhile, and a dump may lack services that stand all the time. What is
 * read has all of these, or the program says that the table never rested, and
 * writes nothing.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rules } from "../../differential/cases/case";
import type { Outcome } from "../../differential/reference";
import { type Lab, type Suite } from "../lab";

const STANDING = 600;
const ADDED = 3_000;
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
    await lab.become("");
  },
};
