/** How lvs-realserver and lvs-director run: words in, messages and a status out. */
import type { IpAddress } from "../rtnetlink/ip";
import { type Outcome, owners } from "./engine";
import { SettingsFailure } from "./failure";
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

/** Where VIPs are that were never started here: they are not ours to take. */
export async function whereForeign({ machine: { route } }: SettingsWorld, vips: readonly IpAddress[]): Promise<string[]> {
  if (vips.length === 0) return [];
  const links = new Map((await route.links()).map(({ index, name }) => [index, name]));
  const addresses = await route.addresses();
  return vips.flatMap((vip) =>
    addresses
      .filter(({ family, address }) => family === vip.family && address === vip.address)
      .map(({ address, index }) => `${address} is on ${links.get(index) ?? "a device"}, but was not started here: left alone`),
  );
}

/** Warnings always; what was done, or would be, where it was asked for. */
export function tell(program: string, { dryRun, verbose }: CommonLine, { out, error }: SettingsWorld, { commands, warnings }: Outcome): void {
  for (const warning of warnings) error(`${program}: ${warning}\n`);
  if (dryRun || verbose) for (const command of commands) out(`${command}\n`);
}
