/** The cases that the domain's tables generate. */
import { SHARE } from "../../lab/share";
import { type Case, type Group, readsOnly } from "../cases/case";
import { comparable } from "../differences";
import type { Rig } from "../rig";
import { differences, type Report, show, type Suite } from "./suite";


export const groupSuite = (group: Group): Suite => ({
  name: group.name,
  run: async (rig, report) => {
    for (const one of group.cases.filter((_, index) => index % SHARE === 0)) {
      await rig.prepare(group.rules);
      const input = one.stdin === undefined ? "" : ` <<< ${JSON.stringify(one.stdin)}`;
      report.note(`${group.name}: ${show(one.words)}${one.sameTable ? " (same table)" : ""}${input}`, await compare(rig, one, report));
    }
  },
});

/** Runs a case through both programs, and says what differs. */
export async function compare(rig: Rig, one: Case, report: Report): Promise<string[]> {
  const reference = await (one.sameTable ? rig.beside : rig.reference).run(one.words, one.stdin);
  const subject = await rig.subject(one.words, one.stdin);
  report.messages.note(reference.stderr, show(one.words));
  const problems = differences(comparable(one, reference), comparable(one, subject));
  const untouched = readsOnly(one) || (reference.status !== 0 && subject.status !== 0 && one.stdin === undefined);
  if (!untouched) problems.push(...(await rig.tableProblems()));
  return problems;
}
