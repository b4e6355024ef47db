/** How lvs-realserver and lvs-director run: words in, messages and a status out. */
import type { IpAddress } from "../rtnetlink/ip";
import { type Outcome, owners, type Wanted } from "./engine";
import { SettingsFailure } from "./failure";
import { type Lasting, persist, persistCommands, type Persistence, unpersist, unpersistCommands } from "./persist";
import type { Owner } from "./record";
import type { Command, CommonLine } from "./words";
import type { SettingsWorld } from "./world";

/** What a command does, and the status that it ends with. */
export type Run<Line> = (line: Line, world: SettingsWorld) => Promise<number>;

/** A program of its own name: `parse` gives a command line, or text to show. Returns the exit status. */
export async function runProgram<Line extends CommonLine>(
  program: string,
  parse: () => Promise<Line | string>,
  commands: Readonly<Record<Command, Run<Line>>>,
  world: SettingsWorld,
): Promise<number> {
  try {
    const line = await parse();
    if (typeof line === "string") {
      world.out(line);
      return 0;
    }
    return await commands[line.command](line, world);
  } catch (error) {
    if (!(error instanceof SettingsFailure)) throw error;
    world.error(`${program}: ${error.message}\n`);
    return error.status;
  }
}

export const ownerOf = (program: string, { address }: IpAddress): Pick<Owner, "program" | "vip"> => ({ program, vip: address });

/** A program's own of those that are recorded. */
export const recorded = async (program: string, { machine }: SettingsWorld): Promise<Owner[]> =>
  (await owners(machine)).filter((owner) => owner.program === program);

/** What is said of VIPs that are to be stopped, and were never started: where they are all the same, they are not ours to take. */
export async function notStarted(program: string, { machine }: SettingsWorld, vips: readonly IpAddress[], noneAtAll: boolean): Promise<string[]> {
  if (noneAtAll) return ["no VIP was started here: there is nothing to stop"];
  if (vips.length === 0) return [];
  const all = await owners(machine);
  const links = new Map((await machine.route.links()).map(({ index, name }) => [index, name]));
  const addresses = await machine.route.addresses();
  return vips.flatMap((vip) => {
    const other = all.find((owner) => owner.vip === vip.address && owner.program !== program);
    if (other !== undefined) return [`${vip.address}: was started by ${other.program}, not by ${program}: left alone`];
    const there = addresses.filter(({ family, address }) => family === vip.family && address === vip.address);
    if (there.length === 0) return [`${vip.address}: was not started here: there is nothing to stop`];
    return there.map(({ address, index }) => `${address}: is on ${links.get(index) ?? "a device"}, but was not started here: left alone`);
  });
}

/** Of VIPs that are started with other options than before: what is taken down comes as no surprise. */
export function changes(before: readonly Owner[], wanted: readonly Wanted[], how: (owner: Owner) => string, dryRun: boolean): string[] {
  return wanted.flatMap(({ owner }) => {
    const known = before.find(({ vip, program }) => owner.vip === vip && owner.program === program);
    const [was, is] = [how(known ?? owner), how(owner)];
    return was === is ? [] : [`${owner.vip}: ${dryRun ? "would change" : "changed"} from ${was} to ${is}`];
  });
}

/** Warnings always; what was done, or would be, where it was asked for. */
export function tell(program: string, { dryRun, verbose }: CommonLine, { out, error }: SettingsWorld, { commands, warnings, leftovers }: Outcome): void {
  for (const warning of [...warnings, ...leftovers]) error(`${program}: ${warning}\n`);
  if (dryRun || verbose) for (const command of commands) out(`${command}\n`);
}

/** With --persist: what is to last beyond the next boot. */
export function lasting(
  how: Persistence,
  { persist: given, dryRun, verbose }: CommonLine & { readonly persist: boolean },
  { out, error, machine }: SettingsWorld,
  all: readonly Lasting[],
): void {
  if (!given) return;
  const warnings = dryRun ? [] : all.flatMap((one) => persist(how, one, machine));
  for (const warning of warnings) error(`${how.program}: ${warning}\n`);
  if (dryRun || verbose) for (const command of all.flatMap((one) => persistCommands(how, one))) out(`${command}\n`);
}

/** With --persist: it does not last any more. */
export function passing(
  how: Persistence,
  { persist: given, dryRun, verbose }: CommonLine & { readonly persist: boolean },
  { out, error }: SettingsWorld,
  vips: readonly string[],
): void {
  if (!given) return;
  const warnings = dryRun ? [] : vips.flatMap((vip) => unpersist(how, vip));
  for (const warning of warnings) error(`${how.program}: ${warning}\n`);
  if (dryRun || verbose) for (const command of vips.flatMap((vip) => unpersistCommands(how, vip))) out(`${command}\n`);
}

/** The exit status of what changes something. */
export const statusOf = ({ leftovers }: Outcome): number => (leftovers.length === 0 ? 0 : 1);
