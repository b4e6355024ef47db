import { SVC_F } from "../ipvs/constants";
import { fail } from "./failure";

/** What the scheduler flags are called; the names of a scheduler's own come first where a service has it. Made where flags are. */
const schedulerFlags = () => [
  { name: "sh-fallback", bit: SVC_F.SCHED1, scheduler: "sh" },
  { name: "sh-port", bit: SVC_F.SCHED2, scheduler: "sh" },
  { name: "mh-fallback", bit: SVC_F.SCHED1, scheduler: "mh" },
  { name: "mh-port", bit: SVC_F.SCHED2, scheduler: "mh" },
  { name: "flag-1", bit: SVC_F.SCHED1, scheduler: undefined },
  { name: "flag-2", bit: SVC_F.SCHED2, scheduler: undefined },
  { name: "flag-3", bit: SVC_F.SCHED3, scheduler: undefined },
] as const;

/** The bits of a list of flags, as -b takes it. */
export function parseSchedulerFlags(scheduler: string, text: string): number {
  if (text === "") return 0;
  // What names no flag is no list of flags.
  const names = text.split(",").filter((name) => name !== "");
  if (names.length === 0) fail(`invalid scheduler flag \`${text}'`);
  return names.reduce((bits, name) => bits | bitOf(scheduler, name), 0);
}

function bitOf(scheduler: string, name: string): number {
  const flag = schedulerFlags().find((known) => known.name === name);
  if (flag === undefined) fail(`invalid scheduler flag \`${name}'`);
  if (flag.scheduler !== undefined && flag.scheduler !== scheduler) fail(`incompatible scheduler flag \`${name}'`);
  return flag.bit;
}

/** As lists show them: a scheduler that has names of its own has no others, and its third flag shows as nothing. */
export function shownFlagNames(scheduler: string, flags: number): string[] {
  const own = schedulerFlags().filter((flag) => flag.scheduler === scheduler).map(({ name }): string => name);
  const names = schedulerFlagNames(scheduler, flags);
  return own.length === 0 ? names : names.filter((name) => own.includes(name));
}

const ANY = SVC_F.SCHED1 | SVC_F.SCHED2 | SVC_F.SCHED3;

/** The names of a service's flags, in the order of their bits. */
export function schedulerFlagNames(scheduler: string, flags: number): string[] {
  if ((flags & ANY) === 0) return [];
  return [SVC_F.SCHED1, SVC_F.SCHED2, SVC_F.SCHED3].flatMap((bit) => {
    if ((flags & bit) === 0) return [];
    const known = schedulerFlags().filter((flag) => flag.bit === bit);
    const own = known.find((flag) => flag.scheduler === scheduler) ?? known.find((flag) => flag.scheduler === undefined);
    return own === undefined ? [] : [own.name];
  });
}
