/**
 * Random tables: restored, saved, cleared and restored, the table and the
 * bytes are the same; they are what ipvsadm 1.31 makes of the same file; and
 * every table is made from the one before without clearing.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { rules } from "../../differential/cases/case";
import { randomFrom } from "../../differential/random";
import type { Outcome } from "../../differential/reference";
import type { Report } from "../../differential/suites/suite";
import { good, type Lab, RESTORE, SAVE, type Suite, USUAL_TIMEOUTS } from "../lab";
import { SHARE, shareOf } from "../../lab/share";
import { inColumns } from "../columns";
import { tableDifferences, textDifferences } from "../differences";
import { FULL, SEED } from "../settings";
import { HELD, type Kind, randomTable } from "../tables";

const TABLES = FULL ? 240 : Math.max(12, shareOf(60));
/** Each option is held by so many: of few tables, chance may leave one out. */
const FEWEST_HELD = FULL ? 10 : SHARE === 1 ? 1 : 0;
/** Two in a row with daemons, so that some are changed while they run. */
const KINDS: readonly Kind[] = ["settings", "settings", "mixed", "plain"];
/** Every so many tables go through the programs as processes. */
const PROCESSES = 20;
/** Begins a namespace anew, before the rules of a table. ipvsadm says no more than that no daemon ran. */
const STOP_DAEMONS = rules("--stop-daemon master", "--stop-daemon backup");
const SET_TIMEOUTS = rules(`--set ${USUAL_TIMEOUTS.tcp} ${USUAL_TIMEOUTS.tcpFin} ${USUAL_TIMEOUTS.udp}`);
const ANEW = `${STOP_DAEMONS}${SET_TIMEOUTS}-C\n`;
const NO_DAEMON = "No daemon is running\n";
/** Of a failure, so much is shown. */
const SHOWN = 1_500;

export const randomTables: Suite = {
  name: "random tables",
  run: async (lab, report) => {
    const random = randomFrom(SEED);
    const held = new Map(Object.keys(HELD).map((option) => [option, 0]));
    const right = new Map<string, number>();
    const note = (table: string, what: string, problems: readonly string[]): void => {
      report.note(`${table}: ${what}`, problems);
      right.set(what, (right.get(what) ?? 0) + (problems.length === 0 ? 1 : 0));
    };
    await lab.become("");
    await lab.rig.reference.run(["-R"], ANEW);
    for (let number = 0; number < TABLES; number++) {
      const kind = KINDS[number % KINDS.length] ?? "plain";
      const input = rules(...randomTable(random, kind));
      const saved = await oneTable(lab, note, { name: `SEED=${SEED} table ${number}`, kind, input, processes: number % PROCESSES === PROCESSES - 1 });
      for (const [option, count] of held) if (HELD[option]?.test(saved)) held.set(option, count + 1);
    }
    await lab.stopDaemons();
    console.log(`random tables: of ${TABLES},\n${inColumns([...right], 1)}\nand they held:\n${inColumns([...held], 4)}`);
    const few = [...held].filter(([, count]) => count < FEWEST_HELD).map(([option, count]) => `${option}: ${count}`);
    report.note(`random tables: each option in at least ${FEWEST_HELD}`, few);
    await fromMixedToDaemon(lab, report);
  },
};

/** What is true of a table, or what is wrong. */
type Tell = (table: string, what: string, problems: readonly string[]) => void;

interface OneTable {
  readonly name: string;
  readonly kind: Kind;
  readonly input: string;
  readonly processes: boolean;
}

/** Begins with the same table in both namespaces, and ends so. Returns what was saved. */
async function oneTable(lab: Lab, tell: Tell, { name, kind, input, processes }: OneTable): Promise<string> {
  const all = kind === "settings";
  const restore = (text: string): Promise<Outcome> => (processes ? restoreProcess(lab, text) : lab.restore(text));
  const save = (): Promise<Outcome> => (processes ? lab.shell(`"$1" -n ${all ? "--all" : ""}`, SAVE) : lab.save({ all }));
  const asReference = async (what: string, text: string): Promise<void> => {
    const { stderr, status } = await lab.rig.reference.run(["-R"], text);
    const problems = [...(stderr.replaceAll(NO_DAEMON, "") === "" && status === 0 ? [] : [`it said, with status ${status}: ${stderr}`]), ...(await lab.rig.tableProblems())];
    note(`were made the same by ipvsadm 1.31 from ${what}`, problems, text);
  };
  const note = (what: string, problems: readonly string[], text: string): void =>
    tell(name, what, problems.length === 0 ? [] : [...problems, text].map((problem) => problem.slice(0, SHOWN)));

  // What a file does not name stays as it is: daemons and timeouts of the table before would.
  const keepDaemons = /^--start-daemon master/m.test(input) && /^--start-daemon backup/m.test(input);
  if (!keepDaemons) await lab.stopDaemons();
  await lab.ipvs.change({ kind: "set-timeouts", timeouts: USUAL_TIMEOUTS });

  const said: string[] = [];
  const steps = await lab.restore(input, { mode: "dry-run" });
  said.push(...good(await restore(input)).map((problem) => `restored over the table before: ${problem}`));
  await asReference("the steps of --dry-run", `${keepDaemons ? "" : STOP_DAEMONS}${SET_TIMEOUTS}${steps.stdout}`);
  const table = await lab.table();
  said.push(...good(await lab.restore(input, { mode: "dry-run" })).map((problem) => `restored once more, it would change something: ${problem}`));

  const first = await save();
  said.push(...good(first, first.stdout).map((problem) => `saved: ${problem}`));
  await lab.stopDaemons();
  await lab.ipvs.change({ kind: "set-timeouts", timeouts: USUAL_TIMEOUTS });
  await lab.ipvs.change({ kind: "flush" });
  said.push(...good(await restore(first.stdout)).map((problem) => `restored from what was saved: ${problem}`));
  said.push(...tableDifferences(table, await lab.table()).map((problem) => `saved, cleared and restored: ${problem}`));
  const second = await save();
  said.push(...textDifferences(first.stdout, second.stdout).map((problem) => `saved once more: ${problem}`));
  note("were the same after save, clear, restore and save, in bytes and in the kernel", said, input);

  await asReference("the file", ANEW + input);
  await asReference("what was saved", ANEW + first.stdout);
  return first.stdout;
}

function restoreProcess(lab: Lab, text: string): Promise<Outcome> {
  writeFileSync(join(lab.folder, "rules"), text);
  return lab.shell(`"$1" rules`, RESTORE);
}

/** What the kernel refuses side by side may follow one after the other. */
async function fromMixedToDaemon(lab: Lab, report: Report): Promise<void> {
  const mixed = rules("-A -t 10.0.0.1:80 -s rr", "-a -t 10.0.0.1:80 -r [2001:db8::1]:80 -i");
  const daemon = rules("-A -t 10.0.0.1:80 -s rr", "-a -t 10.0.0.1:80 -r 10.1.0.1:80 -i", "--start-daemon master --mcast-interface eth0");
  await lab.become(daemon);
  const wanted = await lab.table();
  await lab.become(mixed);
  report.note("from servers of another family to a daemon", [...good(await lab.restore(daemon)), ...tableDifferences(wanted, await lab.table())]);
  await lab.stopDaemons();
}
