import { Failure, STATUS } from "../command-line/failure";
import type { Change } from "../ipvs/model";
import { ERRNO } from "../netlink/errors";
import { Lines, type Place, showProblem } from "../save-restore/lines";
import { parseRules, type Rule } from "../save-restore/parse-rules";
import type { World } from "../world";
import { execute } from ".";
import { cannotInitialize, kernelMessage } from "./kernel-message";
import { executeLate } from "./late";
import { parseContext } from "./run";

const SOURCE = "stdin";

/**
 * -R: every line of standard input is a command, one after the other, but for
 * those whose first character is "#". All are
 * read before the first is carried out: a bad one stops the whole. What the
 * kernel refuses is reported with its line, and the rest goes on.
 */
export async function restore(world: World): Promise<number> {
  const rules: Rule[] = [];
  const unread = await parseRules(new Lines(world.input(), { comments: "unindented" }), parseContext(world), { rule: (rule) => void rules.push(rule) });
  const nested = rules
    .filter(({ intent }) => intent.kind === "restore")
    .map(({ place }) => ({ ...place, message: "a restore within a restore" }));
  const problems = [...unread, ...nested].sort((a, b) => a.line - b.line);
  for (const problem of problems) world.error(`${showProblem(SOURCE, problem)}\n`);
  if (problems.length > 0) return STATUS.USAGE;

  const changes = new PendingChanges(world);
  let status: number = STATUS.OK;
  for (const { place, intent } of rules) {
    if (intent.kind === "change") {
      changes.add(intent.change, place);
      continue;
    }
    status = (await changes.carryOut()) || status;
    const own = await execute(intent, world, executeLate);
    // These end ipvsadm where they stand; what there is to say, they have said.
    if (intent.kind === "help" || intent.kind === "version" || own === STATUS.NOT_LISTED) throw new Failure(status || own, "");
    status ||= own;
  }
  return (await changes.carryOut()) || status;
}

/** Changes that wait to be sent together. */
class PendingChanges {
  private changes: { change: Change; place: Place }[] = [];

  constructor(private readonly world: World) {}

  add(change: Change, place: Place): void {
    this.changes.push({ change, place });
  }

  /** Returns the status of the last refusal, or 0. */
  async carryOut(): Promise<number> {
    const changes = this.changes;
    if (changes.length === 0) return STATUS.OK;
    this.changes = [];
    const ipvs = await this.world.ipvs();
    let status: number = STATUS.OK;
    for (const { index, error } of await ipvs.changeAll(changes.map(({ change }) => change))) {
      const refused = changes[index];
      if (refused === undefined) continue;
      if (error.errno === ERRNO.EPERM) {
        this.world.error(`${cannotInitialize(error.errno)}\n`);
        throw new Failure(STATUS.USAGE, "");
      }
      const { change, place } = refused;
      const problem = { ...place, message: kernelMessage(change.kind, error.errno) };
      this.world.error(`${showProblem(SOURCE, problem)}\n`);
      status = STATUS.REFUSED;
    }
    return status;
  }
}
