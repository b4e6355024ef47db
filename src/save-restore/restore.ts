/** ipvsadm-restore: the kernel's table becomes that of a file, and nothing that stays notices. */
import { STATUS } from "../command-line/failure";
import type { ParseContext } from "../command-line/parse";
import { kernelMessage } from "../commands/kernel-message";
import type { IpvsClient } from "../ipvs/client";
import type { Change, ListedServer, ListedService, Service } from "../ipvs/model";
import { emptyTable, serverId, type Table } from "../ipvs/table";
import { ERRNO } from "../netlink/errors";
import type { Soon } from "../soon";
import { numericNaming } from "../views/naming";
import { Transaction, type Refused } from "./apply";
import { namesInUse, type NameWarning, unavailable, unheardOf } from "./kernel-names";
import { Lines, showProblem } from "./lines";
import { firstRefused } from "./mixed-families";
import { parseRules } from "./parse-rules";
import { type Leaving, plan, type Plan, type Refusing, type Step } from "./plan";
import type { Progress } from "./progress";
import { readConsistentTable, TableChangedError } from "./read-consistently";
import { serviceOption } from "./rule";
import { changeRule } from "./rule-of-change";
import { Wanted } from "./wanted";

export interface RestoreOptions {
  /** How long servers that leave may finish their connections, in seconds. */
  readonly drain: number;
  readonly clear: boolean;
  readonly keep: boolean;
  readonly mode: "restore" | "test" | "dry-run";
  readonly verbose: boolean;
  /** Bad lines are left out, and what they may have asked for stays. */
  readonly skipBad: boolean;
}

export interface RestoreWorld {
  readonly context: ParseContext;
  /** What the input is called in messages: a file's name, or "stdin". */
  readonly source: string;
  readonly input: Buffer;
  out(text: string): void;
  /** What is wrong, or what a user should know: a message without the program's name, which goes before it. */
  complain(message: string): void;
  /** What --verbose tells. */
  error(text: string): void;
  readonly progress: Progress;
  /** The exit status of the signal that asked to end, once one did. */
  interrupted(): number | undefined;
  sleep(milliseconds: number): Promise<void>;
  ipvs(): Soon<IpvsClient>;
}

/** How often connections are counted while servers drain, in milliseconds. */
const DRAIN_INTERVAL = 250;

/** All was done but for the lines that --skip-bad left out. */
const SKIPPED = 3;

/** Returns the exit status. Throws Failure where there is no IPVS, and NetlinkError without privileges. */
export async function restore(options: RestoreOptions, world: RestoreWorld): Promise<number> {
  const wanted = await readInput(options, world);
  if (wanted === undefined) return STATUS.USAGE;
  const status = await restoreWanted(wanted, options, world);
  return status === STATUS.OK && wanted.skipped !== undefined && wanted.skipped.count > 0 ? SKIPPED : status;
}

async function restoreWanted(wanted: Wanted, options: RestoreOptions, world: RestoreWorld): Promise<number> {
  const { table } = wanted;
  const empty = table.services.size === 0 && table.daemons.size === 0 && table.timeouts === undefined;
  if (empty) world.complain(`${world.source}: no rules${emptyOutcome(options)}`);
  if (options.mode === "test") {
    warn(unheardOf(servicesOf(table)), wanted, world);
    return STATUS.OK;
  }
  if (empty && !options.clear) return STATUS.OK;
  const ipvs = await world.ipvs();
  return options.clear ? clearAndAdd(wanted, options, ipvs, world) : change(wanted, options, ipvs, world);
}

function emptyOutcome({ mode, clear }: RestoreOptions): string {
  if (mode === "test") return "";
  return clear ? ": the table is cleared" : ": nothing changes";
}

const servicesOf = ({ services }: Pick<Table, "services">): Service[] => [...services.values()].map(({ service }) => service);

function warn(warnings: readonly NameWarning[], { places }: Wanted, world: RestoreWorld): void {
  for (const { service, message } of warnings) {
    const place = places.get(service) ?? { line: 0, column: 0 };
    world.complain(showProblem(world.source, { ...place, message: `warning: ${message}` }));
  }
}

/** The table that the input describes; where a line is bad and none is to be skipped, all bad lines are said, and undefined. */
async function readInput({ skipBad }: RestoreOptions, world: RestoreWorld): Promise<Wanted | undefined> {
  const wanted = new Wanted(skipBad);
  const unread = await parseRules(new Lines(world.input, { comments: "indented" }), world.context, {
    rule: (rule, afterUnread) => wanted.add(rule, afterUnread),
    unread: (line) => wanted.leaveOut(line, world.context),
  });
  const problems = [...unread, ...wanted.problems].sort((a, b) => a.line - b.line);
  for (const problem of problems) world.complain(`${showProblem(world.source, problem)}${skipBad ? ": skipped" : ""}`);
  return problems.length === 0 || skipBad ? wanted : undefined;
}

/** Prints what would be done, and says what is known to be refused. */
function dryRun(steps: readonly Step[], mixed: Foreseen | undefined, wanted: Wanted, current: Pick<Table, "services">, world: RestoreWorld): number {
  warn(unavailable(servicesOf(wanted.table), namesInUse(servicesOf(current))), wanted, world);
  world.out(lines(steps));
  if (mixed === undefined) return STATUS.OK;
  world.complain(`${placeOf(mixed.step, world)}: ${mixed.why}: it would be refused`);
  return STATUS.REFUSED;
}

/** A step that the kernel refuses, and why: it does not say. */
type Foreseen = NonNullable<ReturnType<typeof firstRefused>>;
const reasonOf = ({ step, error }: Refused, mixed: Foreseen | undefined): string =>
  mixed?.step === step && error.errno === ERRNO.EINVAL ? mixed.why : kernelMessage(step.change.kind, error.errno);

async function change(wanted: Wanted, options: RestoreOptions, ipvs: IpvsClient, world: RestoreWorld): Promise<number> {
  const { progress } = world;
  let current: Table<ListedService, ListedServer>;
  let steps: Plan;
  try {
    current = await readConsistentTable(ipvs, (count) => progress.show("reading the table", count, "services"));
    steps = plan(wanted, current, { keep: options.keep, drain: options.drain > 0 });
  } catch (error) {
    if (!(error instanceof TableChangedError)) throw error;
    progress.clear();
    world.complain(`${error.message}: nothing changes`);
    return STATUS.REFUSED;
  }
  progress.clear();
  for (const one of steps.refusing) world.complain(refusingText(one));
  const inOrder = [...steps.add, ...steps.quiesce, ...steps.remove];
  const mixed = firstRefused(inOrder, current);
  if (options.mode === "dry-run") return dryRun(inOrder, mixed, wanted, current, world);

  const transaction = new Transaction(
    ipvs,
    (count) => progress.show("changing the table", count, "changes"),
    () => world.interrupted() !== undefined,
  );
  const stopped = (await transaction.carryOut(steps.add)) ?? (await transaction.carryOut(steps.quiesce));
  if (stopped === undefined && options.drain > 0) await waitForDrain(steps.leaving, options.drain, ipvs, world);
  // From here on, the new table is the nearer one: what leaves is taken out to the end.
  const interrupted = world.interrupted();
  if (stopped !== undefined || interrupted !== undefined) return takeBack(stopped ?? "interrupted", mixed, transaction, world);
  const connections = options.verbose ? await connectionsOf(steps.leaving, ipvs) : new Map<Leaving, number>();
  const removal = new Transaction(ipvs, (count) => progress.show("removing", count, "changes"), () => false);
  const refused = await removal.carryOut(steps.remove);
  progress.clear();
  if (refused !== undefined && refused !== "interrupted") {
    const left = await removal.undo();
    return takeBack(refused, mixed, transaction, world, left);
  }
  if (options.verbose) report(steps, connections, world);
  const late = world.interrupted();
  if (late !== undefined) world.complain("interrupted: the new table stands");
  return late ?? STATUS.OK;
}

/** Undoes a restore that did not come to its end, and says so. */
async function takeBack(
  why: Refused | "interrupted",
  mixed: Foreseen | undefined,
  transaction: Transaction,
  world: RestoreWorld,
  stuck: readonly Change[] = [],
): Promise<number> {
  const left = [...stuck, ...(await transaction.undo())];
  world.progress.clear();
  const stands = left.length === 0 ? "the old table stands" : `the old table stands but for\n${left.map(changeRule).join("\n")}`;
  if (why === "interrupted") {
    world.complain(`interrupted: ${stands}`);
    return world.interrupted() ?? STATUS.REFUSED;
  }
  const { step, error } = why;
  if (error.errno === ERRNO.EPERM) throw error;
  world.complain(`${placeOf(step, world)}: ${reasonOf(why, mixed)}: ${stands}`);
  return STATUS.REFUSED;
}

const placeOf = ({ place, change }: Step, { source }: RestoreWorld): string =>
  place === undefined ? changeRule(change) : `${source}:${place.line}:${place.column}`;

/** A dh service sends all clients of an address to one server (ip_vs_dh_hashkey); a mark may have many addresses. */
function refusingText({ service, quiesced, servers }: Refusing): string {
  const name = serviceOption(service, numericNaming);
  const share = `${Math.round((100 * quiesced) / servers)} %`;
  const drain = `while ${quiesced} of its ${servers} servers drain${quiesced === 1 ? "s" : ""}`;
  return service.mark === 0
    ? `${name}: ${drain}, dh may refuse all new clients: one server has all of them, and with a chance of ${share} it drains`
    : `${name}: ${drain}, dh refuses the new clients of about ${share} of its addresses`;
}

async function waitForDrain(leaving: readonly Leaving[], seconds: number, ipvs: IpvsClient, world: RestoreWorld): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end && world.interrupted() === undefined) {
    const connections = [...(await connectionsOf(leaving, ipvs)).values()].reduce((sum, count) => sum + count, 0);
    if (connections === 0) return;
    world.progress.show("waiting for the servers that leave", connections, "connections");
    await world.sleep(Math.min(DRAIN_INTERVAL, Math.max(0, end - Date.now())));
  }
}

/** How many connections each server that leaves still has. */
async function connectionsOf(leaving: readonly Leaving[], ipvs: IpvsClient): Promise<Map<Leaving, number>> {
  const counts = new Map<Leaving, number>();
  const listed = new Map<ListedService, ReadonlyMap<string, number>>();
  for (const one of leaving) {
    const { service, server } = one;
    const connections = listed.get(service) ?? (await connectionsByServer(service, ipvs));
    listed.set(service, connections);
    counts.set(one, connections.get(serverId(server)) ?? 0);
  }
  return counts;
}

async function connectionsByServer(service: ListedService, ipvs: IpvsClient): Promise<ReadonlyMap<string, number>> {
  const servers = await ipvs.servers(service, { stats: "none" });
  return new Map(servers.map((server) => [serverId(server), server.active + server.inactive]));
}

function report({ add, leaving, remove }: Plan, connections: ReadonlyMap<Leaving, number>, world: RestoreWorld): void {
  const lasting = [...add, ...remove].filter(({ passing = false }) => !passing);
  world.error(lines(lasting));
  for (const one of leaving) {
    const count = connections.get(one) ?? 0;
    if (count === 0) continue;
    const { service, server } = one;
    world.error(`${changeRule({ kind: "delete-server", service, server })}: dropped ${count} connection${count === 1 ? "" : "s"}\n`);
  }
  if (lasting.length === 0) world.error("nothing to change\n");
}

const lines = (steps: readonly Step[]): string => steps.map(({ change }) => `${changeRule(change)}\n`).join("");

/** As ipvsadm's restore does: everything out, and then everything in. */
async function clearAndAdd(wanted: Wanted, options: RestoreOptions, ipvs: IpvsClient, world: RestoreWorld): Promise<number> {
  const flush: Step = { change: { kind: "flush" }, place: undefined };
  const daemons = new Map((await ipvs.daemons()).map((daemon) => [daemon.role, daemon]));
  const current = { ...emptyTable(), services: new Map(), timeouts: await ipvs.timeouts(), daemons };
  const steps = [flush, ...plan(wanted, current, { keep: true, drain: false }).add];
  const mixed = firstRefused(steps, current);
  if (options.mode === "dry-run") return dryRun(steps, mixed, wanted, current, world);
  const transaction = new Transaction(ipvs, (count) => world.progress.show("changing the table", count, "changes"), () => false);
  const refused = await transaction.carryOut(steps);
  world.progress.clear();
  if (refused !== undefined && refused !== "interrupted") {
    const { step, error } = refused;
    if (error.errno === ERRNO.EPERM) throw error;
    world.complain(`${placeOf(step, world)}: ${reasonOf(refused, mixed)}: the table was cleared, and holds a part of the input`);
    return STATUS.REFUSED;
  }
  if (options.verbose) world.error(lines(steps));
  return world.interrupted() ?? STATUS.OK;
}
