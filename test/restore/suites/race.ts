/** Another program changes the table while a restore reads it: all of the file's table, or nothing and why. */
import { rules } from "../../differential/cases/case";
import type { Report } from "../../differential/suites/suite";
import { tableDifferences } from "../differences";
import { good, type Lab, type Suite } from "../lab";
import { shareOf } from "../../lab/share";
import { FULL } from "../settings";
import { Helper } from "../helper";

const SERVICES = 60;
const table = (server: number): string =>
  rules(...Array.from({ length: SERVICES }, (_, number) => [`-A -t 10.0.${number}.1:80 -s rr`, `-a -t 10.0.${number}.1:80 -r 10.1.${number}.${server}:80 -m`]).flat());
/** How long the other program waits between two changes, in milliseconds. */
const PAUSES = [0, 5, 20, 60, 200];
const ROUNDS = FULL ? 20 : shareOf(3);
const REFUSED = 255;
const RESTLESS = "the table changed during each of 10 readings: nothing changes\n";

export const race: Suite = {
  name: "race",
  run: async (lab, report) => {
    const other = new Helper("restless.cjs");
    const wanted = new Map<string, readonly string[]>();
    for (const text of [table(1), table(2)]) {
      await lab.become(text);
      wanted.set(text, await lab.table());
    }
    const counts = { done: 0, restless: 0, wrong: 0 };
    const texts = [...wanted.keys()];
    for (const milliseconds of PAUSES) {
      for (let round = 0; round < ROUNDS; round++) {
        const [from = "", to = ""] = round % 2 === 0 ? texts : texts.toReversed();
        await lab.become(from);
        await other.ask(`go ${milliseconds}`);
        const outcome = await lab.restore(to);
        await other.ask("stop");
        const gaveUp = outcome.status === REFUSED && outcome.stderr === RESTLESS;
        const problems = [...(gaveUp ? [] : good(outcome)), ...tableDifferences(wanted.get(gaveUp ? from : to) ?? [], await lab.table())];
        counts[problems.length > 0 ? "wrong" : gaveUp ? "restless" : "done"]++;
        report.note(`race: a change every ${milliseconds} ms, round ${round}`, problems);
      }
    }
    other.close();
    console.log(`race: ${counts.done} restores were done, ${counts.restless} gave up, ${counts.wrong} went wrong`);
    report.note("race: restores come through", counts.done > 0 ? [] : ["every one gave up: no race was run to its end"]);
    await goneAlready(lab, report);
  },
};

/** What leaves may have left by itself in the meantime: that is no reason to take all back. */
async function goneAlready(lab: Lab, report: Report): Promise<void> {
  await lab.become(table(2));
  const wanted = await lab.table();
  await lab.become(table(2) + rules("-A -t 10.0.200.1:80", "-a -t 10.0.1.1:80 -r 10.1.1.77:80 -m"));
  const outcome = await lab.restoreAfter(rules("-D -t 10.0.200.1:80", "-d -t 10.0.1.1:80 -r 10.1.1.77:80"), table(2));
  report.note("race: what leaves is gone already", [...good(outcome), ...tableDifferences(wanted, await lab.table())]);
}
