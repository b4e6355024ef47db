/**
 * Brings a network namespace to what its owners need, and back. How a kind of
 * setting is added, and what is promised: README.md beside.
 */
import { chmodSync, existsSync, mkdirSync } from "node:fs";
import { systemReason } from "../netlink/errno-text";
import { NetlinkError } from "../netlink/errors";
import { SettingsFailure } from "./failure";
import type { Hazard } from "./hazard";
import type { Bound } from "./kind";
import { bind, type Setting } from "./kinds";
import { locked } from "./lock";
import type { Machine } from "./machine";
import { type Entry, type Need, type Owner, ownerKey, type Record, RecordFile } from "./record";

/** What an owner needs, in the order of applying. */
export interface Wanted {
  readonly owner: Owner;
  readonly settings: readonly Setting[];
}

/** What was done. */
export interface Outcome {
  /** The commands that would have done the same by hand. */
  readonly commands: readonly string[];
  /** What was left as it is, and why. */
  readonly warnings: readonly string[];
  /** What could not be undone, and why: it stays in the record. */
  readonly leftovers: readonly string[];
}

/** One setting, as the kernel has it. */
export interface Finding {
  readonly subject: string;
  readonly wanted: string;
  readonly found: string;
  readonly holds: boolean;
  readonly kind: Setting["kind"] | Hazard["kind"];
  /** Of what no start changes: the command that mends it. */
  readonly mend?: string;
}

export const hazardFinding = ({ kind, subject, wanted, found, mend }: Hazard): Finding => ({ kind, subject, wanted, found, holds: false, mend });

/** Where the records are, and the lock. */
export const RUN = "/run/lvs";

/**
 * Every owner gets what it needs; what it needed before and does no more goes
 * back. All of it, or nothing: where something fails, what was done is undone.
 * Throws SettingsFailure.
 */
export const start = (machine: Machine, wanted: readonly Wanted[], { dryRun = false } = {}): Promise<Outcome> =>
  inTurn(machine, dryRun, async (file) => {
    const record = await file.read();
    const plan = await startPlan(machine, record, wanted);
    return dryRun ? rehearse(machine, plan) : perform(machine, file, record, plan);
  });

/** What only these owners need goes back to what it was before. Throws SettingsFailure. */
export const stop = (machine: Machine, owners: readonly Pick<Owner, "program" | "vip">[], { dryRun = false } = {}): Promise<Outcome> =>
  inTurn(machine, dryRun, async (file) => {
    const record = await file.read();
    const plan = await stopPlan(machine, record, owners);
    return dryRun ? rehearse(machine, plan) : perform(machine, file, record, plan);
  });

/** A stop and a start, with nobody in between. Throws SettingsFailure. */
export const restart = (machine: Machine, wanted: readonly Wanted[], { dryRun = false } = {}): Promise<Outcome> =>
  inTurn(machine, dryRun, async (file) => {
    const record = await file.read();
    const down = await stopPlan(machine, record, wanted.map(({ owner }) => owner));
    if (dryRun) {
      const { commands, warnings, leftovers } = await rehearse(machine, down);
      // What goes back is to be applied again, although it is there now.
      const gone = new Set(down.release.filter(({ fate }) => fate === "restore").map(({ bound }) => bound.id));
      const up = await startPlan(machine, record, wanted, gone);
      return { commands: [...commands, ...(await rehearse(machine, up)).commands], warnings, leftovers };
    }
    const stopped = await perform(machine, file, record, down);
    const after = await file.read();
    const started = await perform(machine, file, after, await startPlan(machine, after, wanted));
    return {
      commands: [...stopped.commands, ...started.commands],
      warnings: [...stopped.warnings, ...started.warnings],
      leftovers: [...stopped.leftovers, ...started.leftovers],
    };
  });

/** A setting that was no longer as its owners need it. */
export interface Lost extends Finding {
  readonly id: string;
  readonly setting: Setting;
}

/** What `putBack` came to. */
export interface PutBack extends Outcome {
  /** What was applied again; the commands are theirs. */
  readonly lost: readonly Lost[];
}

/**
 * Applies again what somebody took from owners. `choose` is given the owners
 * that are recorded while nobody starts or stops any, and says what to look at:
 * an owner that was stopped meanwhile is not started again. `allow` is told what
 * is missing before anything is changed, and may throw. Throws SettingsFailure.
 */
export const putBack = (
  machine: Machine,
  choose: (owners: readonly Owner[]) => Promise<readonly Wanted[]>,
  allow: (lost: readonly Lost[]) => void,
  signal: AbortSignal,
): Promise<PutBack> =>
  inTurn(
    machine,
    false,
    async (file) => {
      const record = await file.read();
      const wanted = await choose(recordedOwners(record));
      if (wanted.length === 0) return { commands: [], warnings: [], leftovers: [], lost: [] };
      const plan = await startPlan(machine, record, wanted);
      const settings = new Map(wanted.flatMap(({ settings }) => settings.map((setting) => [bind(setting).id, setting])));
      const lost = plan.apply.flatMap(({ bound, found }) => {
        const setting = settings.get(bound.id);
        return setting === undefined ? [] : [{ id: bound.id, setting, ...findingOf(setting, bound, found) }];
      });
      if (lost.length === 0) return { commands: [], warnings: [], leftovers: [], lost };
      allow(lost);
      return { ...(await perform(machine, file, record, plan)), lost };
    },
    signal,
  );

/** Every setting as the kernel has it, whatever is recorded. Throws SettingsFailure. */
export const examine = (machine: Machine, settings: readonly Setting[]): Promise<Finding[]> => telling(() => findingsOf(machine, settings));

async function findingsOf(machine: Machine, settings: readonly Setting[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const setting of settings) {
    const bound = bind(setting);
    findings.push(findingOf(setting, bound, await bound.read(machine)));
  }
  return findings;
}

const findingOf = ({ kind }: Setting, bound: Bound, found: unknown): Finding => ({
  kind,
  subject: bound.subject,
  wanted: bound.wanted,
  found: bound.shown(found),
  holds: bound.holds(found),
});

/** The same of what is looked at and never changed. Throws SettingsFailure. */
export const look = <T>(work: () => Promise<T>): Promise<T> => telling(work);

/** Who is recorded to need settings here. Throws SettingsFailure. */
export const owners = (machine: Machine): Promise<Owner[]> =>
  telling(async () => recordedOwners(await new RecordFile(RUN, machine.route).read()));

const recordedOwners = ({ needs }: Record): Owner[] => [...needs.values()].map(({ owner }) => owner);

/** What is to be done, decided before anything is. */
interface Plan {
  /** In order. */
  readonly apply: readonly { readonly bound: Bound; readonly found: unknown }[];
  /** What is recorded before the first change: what is to be released is still in it. */
  readonly record: Record;
  /** What nobody needs any more, last applied first. */
  readonly release: readonly Release[];
}

interface Release extends Entry {
  readonly fate: Fate;
  /** What is to be said of it, unless it is restored or as it was. */
  readonly said: string;
}

/** What becomes of a setting that nobody needs: it may have been changed since, gone with its device, or be where nobody finds it. */
type Fate = "restore" | "leave" | "changed" | "gone" | "leftover";

const inTurn = <T>(machine: Machine, dryRun: boolean, work: (file: RecordFile) => Promise<T>, signal?: AbortSignal): Promise<T> =>
  telling(async () => {
    const turn = (): Promise<T> => work(new RecordFile(RUN, machine.route));
    machine.rehearses = dryRun;
    if (dryRun) return turn();
    if (!(await machine.route.mayChange())) {
      throw new SettingsFailure("not permitted: changing the network takes CAP_NET_ADMIN, as root has");
    }
    if (!existsSync(RUN)) {
      mkdirSync(RUN, { recursive: true });
      // Whatever the umask: status needs no privileges.
      chmodSync(RUN, 0o755);
    }
    return locked(RUN, turn, signal);
  });

async function telling<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw told(error);
  }
}

/** What the kernel or the system refuses, in a line. */
function told(error: unknown): unknown {
  if (error instanceof NetlinkError) return new SettingsFailure(error.message);
  if (error instanceof Error && "syscall" in error) return new SettingsFailure(`${"path" in error ? String(error.path) : String(error.syscall)}: ${systemReason(error)}`);
  return error;
}

const messageOf = (error: unknown): string => {
  const known = told(error);
  return known instanceof Error ? known.message : String(known);
};

async function stopPlan(machine: Machine, record: Record, owners: readonly Pick<Owner, "program" | "vip">[]): Promise<Plan> {
  const keys = new Set(owners.map(ownerKey));
  const needs = new Map([...record.needs].filter(([key]) => !keys.has(key)));
  return { apply: [], record: { needs, entries: record.entries }, release: await releases(machine, needs, record.entries) };
}

/** `gone` are the names of settings that are taken away first. */
async function startPlan(machine: Machine, { needs: before, entries: old }: Record, wanted: readonly Wanted[], gone: ReadonlySet<string> = new Set()): Promise<Plan> {
  const needs = new Map<string, Need>(before);
  const bounds = new Map<string, Bound>();
  for (const { owner, settings } of wanted) {
    const own = settings.map(bind);
    needs.set(ownerKey(owner), { owner, ids: new Set(own.map(({ id }) => id)) });
    for (const bound of own) {
      const other = bounds.get(bound.id);
      if (other !== undefined && other.wanted !== bound.wanted) throw new SettingsFailure(`${bound.subject} cannot be both ${other.wanted} and ${bound.wanted}`);
      if (other === undefined) bounds.set(bound.id, bound);
    }
  }
  const ours = new Set(wanted.map(({ owner }) => ownerKey(owner)));
  const entries = new Map(old);
  const apply: { bound: Bound; found: unknown }[] = [];
  for (const bound of bounds.values()) {
    const entry = old.get(bound.id);
    const others = [...before].filter(([key, { ids }]) => !ours.has(key) && ids.has(bound.id)).map(([key]) => key);
    if (entry !== undefined && others.length > 0 && entry.bound.wanted !== bound.wanted) {
      throw new SettingsFailure(`${bound.subject} cannot be ${bound.wanted}: ${others.join(", ")} needs it to be ${entry.bound.wanted}`);
    }
    const found = await bound.read(machine);
    // A device that came in the place of one that is gone has a beginning of its own.
    const kept = entry?.gone === undefined ? entry : undefined;
    entries.set(bound.id, kept === undefined ? { bound, before: found } : { ...kept, bound });
    if (bound.holds(found) && !gone.has(bound.id)) continue;
    const obstacle = await bound.obstacle(machine, found);
    if (obstacle !== undefined) throw new SettingsFailure(obstacle);
    apply.push({ bound, found });
  }
  return { apply, record: { needs, entries }, release: await releases(machine, needs, entries) };
}

/** The entries that nobody needs, last applied first. Throws SettingsFailure where one cannot be restored. */
async function releases(machine: Machine, needs: Record["needs"], entries: Record["entries"]): Promise<Release[]> {
  const needed = new Set([...needs.values()].flatMap(({ ids }) => [...ids]));
  const released = [...entries.values()].filter(({ bound }) => !needed.has(bound.id)).reverse();
  const found: Release[] = [];
  for (const entry of released) {
    const { bound } = entry;
    const release = await releaseOf(machine, entry);
    found.push(release);
    const obstacle = release.fate === "restore" ? await bound.obstacle(machine, await bound.read(machine)) : undefined;
    if (obstacle !== undefined) throw new SettingsFailure(obstacle);
  }
  return found;
}

async function releaseOf(machine: Machine, entry: Entry): Promise<Release> {
  const { bound, before, gone } = entry;
  const release = (fate: Fate, said = ""): Release => ({ ...entry, fate, said });
  if (gone !== undefined) return release("gone", `${gone}: the device is gone, and with it what was set on it`);
  const found = await bound.read(machine);
  if (before === undefined || (found !== undefined && bound.same(found, before))) return release("leave");
  if (found !== undefined) return bound.isOurs(found) || bound.unfinished(found, before) ? release("restore") : release("changed", changedSince(entry, found));
  // Of an older version's record, which has the device's name alone.
  const elsewhere = await bound.elsewhere(machine);
  if (elsewhere !== undefined) return release("leftover", `${bound.subject}: cannot be undone: it ${elsewhere}`);
  const device = (await missing(machine, bound.devices(before))).at(0);
  return device === undefined ? release("leave") : release("gone", `${device}: there is no such device any more, and what was set on it is not undone`);
}

/** Which of some devices there are not. */
async function missing(machine: Machine, devices: readonly string[]): Promise<string[]> {
  if (devices.length === 0) return [];
  const names = new Set((await machine.route.links()).map(({ name }) => name));
  return devices.filter((device) => !names.has(device));
}

/** What held before was kept, and is not what was set. */
const changedSince = ({ bound, before }: Entry, found: unknown): string =>
  `${bound.subject} is ${bound.shown(found)}${bound.holds(before) ? "" : `, not ${bound.wanted} as it was set`}: ` +
  `changed since, and left alone (it was ${bound.shown(before)} before)`;

async function rehearse(machine: Machine, { apply, release }: Plan): Promise<Outcome> {
  const commands: string[] = [];
  for (const { bound } of apply) {
    const command = await bound.command(machine);
    if (command !== undefined) commands.push(command);
  }
  commands.push(...release.filter(({ fate }) => fate === "restore").flatMap(({ bound, before }) => bound.undo(before) ?? []));
  return { commands, ...said(release) };
}

/** What is told of what was not restored, each once: many settings go with one device. */
function said(release: readonly Release[]): Pick<Outcome, "warnings" | "leftovers"> {
  const texts = (...fates: readonly Fate[]): string[] => [...new Set(release.filter(({ fate }) => fates.includes(fate)).map((one) => one.said))];
  return { warnings: texts("changed", "gone"), leftovers: texts("leftover") };
}

async function perform(machine: Machine, file: RecordFile, old: Record, plan: Plan): Promise<Outcome> {
  const { apply, release } = plan;
  const { needs } = plan.record;
  const entries = new Map(plan.record.entries);
  const commands: string[] = [];
  const done: { bound: Bound; found: unknown }[] = [];
  // A stop keeps its owners in the record to its end: killed in the middle, it can be asked for again.
  await file.write(apply.length === 0 && release.length > 0 ? { needs: old.needs, entries } : { needs, entries });
  try {
    for (const { bound, found } of apply) {
      const { state, changed } = await latest(machine, bound, found, entries);
      if (changed) await file.write({ needs, entries });
      if (bound.holds(state)) continue;
      const command = await bound.command(machine);
      if (command !== undefined) commands.push(command);
      machine.promisedLabels.clear();
      done.push({ bound, found: state });
      await bound.apply(machine);
      const after = await bound.read(machine);
      if (!bound.holds(after)) throw new SettingsFailure(`${bound.subject} is ${bound.shown(after)}, although it was set to be ${bound.wanted}`);
    }
  } catch (error) {
    try {
      await undo(machine, done, file, old);
    } catch (second) {
      throw new SettingsFailure(`${messageOf(error)}; and it could not be undone: ${messageOf(second)} (stop does what is left)`);
    }
    throw error;
  }
  const released: Release[] = [];
  for (const one of release) {
    const now = await releaseOf(machine, one);
    released.push(now);
    if (now.fate === "restore") {
      const command = one.bound.undo(one.before);
      if (command !== undefined) commands.push(command);
      await one.bound.restore(machine, one.before);
    }
    if (now.fate !== "leftover") entries.delete(one.bound.id);
  }
  await file.write({ needs: withLeftovers(needs, old.needs, entries), entries });
  return { commands, ...said(released) };
}

/** Whoever needed what could not be undone is recorded still: a stop can be repeated. */
function withLeftovers(needs: Record["needs"], old: Record["needs"], entries: ReadonlyMap<string, Entry>): Record["needs"] {
  const needed = new Set([...needs.values()].flatMap(({ ids }) => [...ids]));
  const kept = new Map(needs);
  for (const [key, { owner, ids }] of old) {
    const left = [...ids].filter((id) => entries.has(id) && !needed.has(id));
    if (!kept.has(key) && left.length > 0) kept.set(key, { owner, ids: new Set(left) });
  }
  return kept;
}

/** What could not be there at first, for want of its device, is read again, and recorded. */
async function latest(machine: Machine, bound: Bound, found: unknown, entries: Map<string, Entry>): Promise<{ state: unknown; changed: boolean }> {
  if (found !== undefined) return { state: found, changed: false };
  const state = await bound.read(machine);
  if (state === undefined) return { state, changed: false };
  const obstacle = bound.holds(state) ? undefined : await bound.obstacle(machine, state);
  if (obstacle !== undefined) throw new SettingsFailure(obstacle);
  const entry = entries.get(bound.id);
  const known = entry !== undefined && entry.before !== undefined;
  if (!known) entries.set(bound.id, { ...entry, bound, before: state });
  return { state, changed: !known };
}

/** Takes back what this start did, and forgets it; where that fails, the record stays, for a stop to come. */
async function undo(machine: Machine, done: readonly { bound: Bound; found: unknown }[], file: RecordFile, old: Record): Promise<void> {
  for (const { bound, found } of [...done].reverse()) {
    if (found !== undefined && bound.holds(await bound.read(machine))) await bound.restore(machine, found);
  }
  await file.write(old);
}
