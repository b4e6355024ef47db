import type { IpAddress } from "../rtnetlink/ip";
import { SettingsFailure } from "../settings/failure";
import { examine, type Outcome, owners, restart, start, stop, type Wanted } from "../settings/engine";
import type { Owner } from "../settings/record";
import type { SettingsWorld } from "../settings/world";
import { type CommandLine, parseCommandLine } from "./command-line";
import { DIRECT_ROUTING, optionsOfWords, type RealServerOptions, wordsOfOptions } from "./options";
import { persist, persistCommands, requireSystemd, unpersist, unpersistCommands } from "./persist";
import { stateOf, statusCode, statusJson, statusText } from "../settings/report";
import { forwarding, optionsJson } from "./status";
import { wantedFor } from "./wanted";
import { parseVip } from "../settings/vip";

const PROGRAM = "lvs-realserver";

/** lvs-realserver(8). Returns the exit status. */
export async function realServer(words: readonly string[], world: SettingsWorld): Promise<number> {
  try {
    const line = await parseCommandLine(words);
    if (typeof line === "string") {
      world.out(line);
      return 0;
    }
    return await COMMANDS[line.command](line, world);
  } catch (error) {
    if (!(error instanceof SettingsFailure)) throw error;
    world.error(`${PROGRAM}: ${error.message}\n`);
    return error.status;
  }
}

type Run = (line: CommandLine, world: SettingsWorld) => Promise<number>;

const COMMANDS: Readonly<Record<CommandLine["command"], Run>> = {
  start: async (line, world) => {
    const { vips, options = DIRECT_ROUTING, dryRun } = line;
    if (line.persist) requireSystemd();
    tell(line, world, await start(world.machine, vips.map((vip) => wanted(vip, options)), { dryRun }));
    if (line.persist) await lasting(line, world, (vip) => persist(vip, options), vips.flatMap((vip) => persistCommands(vip, options)), vips);
    return 0;
  },
  stop: async (line, world) => {
    const { vips, all, dryRun } = line;
    const ours = await recorded(world);
    const stopped = all ? ours.map(({ vip }) => parseVip(vip)) : vips;
    if (line.persist) requireSystemd();
    const { commands, warnings } = await stop(world.machine, stopped.map(ownerOf), { dryRun });
    const foreign = stopped.filter(({ address }) => !ours.some(({ vip }) => vip === address));
    tell(line, world, { commands, warnings: [...warnings, ...(await whereForeign(world, foreign))] });
    if (line.persist) await lasting(line, world, unpersist, stopped.flatMap(unpersistCommands), stopped);
    return 0;
  },
  restart: async (line, world) => {
    const { dryRun } = line;
    tell(line, world, await restart(world.machine, await chosen(line, world), { dryRun }));
    return 0;
  },
  status: async (line, world) => {
    const found = [];
    for (const { owner, settings } of await chosen(line, world)) {
      const findings = await examine(world.machine, settings);
      const options = optionsOfWords(owner.options);
      found.push({ vip: owner.vip, how: forwarding(options), options: optionsJson(options), state: stateOf(findings), settings: findings });
    }
    world.out(line.json ? statusJson(found) : statusText(found, world.coloured));
    return statusCode(found.map(({ state }) => state));
  },
};

const ownerOf = ({ address }: IpAddress): Pick<Owner, "program" | "vip"> => ({ program: PROGRAM, vip: address });

const wanted = (vip: IpAddress, options: RealServerOptions): Wanted => ({
  owner: { ...ownerOf(vip), options: wordsOfOptions(options) },
  settings: wantedFor(vip, options),
});

/** Our own of those that are recorded. */
const recorded = async ({ machine }: SettingsWorld): Promise<Owner[]> => (await owners(machine)).filter(({ program }) => program === PROGRAM);

/** The VIPs of the command line, or all that were started; with the options of the command line, or those that they were started with. */
async function chosen({ vips, options }: CommandLine, world: SettingsWorld): Promise<Wanted[]> {
  const known = new Map((await recorded(world)).map((owner) => [owner.vip, optionsOfWords(owner.options)]));
  const which = vips.length > 0 ? vips : [...known.keys()].map(parseVip);
  return which.map((vip) => wanted(vip, options ?? known.get(vip.address) ?? DIRECT_ROUTING));
}

/** Where VIPs are that were never started here: they are not ours to take. */
async function whereForeign({ machine: { route } }: SettingsWorld, vips: readonly IpAddress[]): Promise<string[]> {
  if (vips.length === 0) return [];
  const links = new Map((await route.links()).map(({ index, name }) => [index, name]));
  const addresses = await route.addresses();
  return vips.flatMap((vip) =>
    addresses
      .filter(({ family, address }) => family === vip.family && address === vip.address)
      .map(({ address, index }) => `${address} is on ${links.get(index) ?? "a device"}, but was not started here: left alone`),
  );
}

/** What is to last beyond the next boot. */
async function lasting({ dryRun, verbose }: CommandLine, { out }: SettingsWorld, work: (vip: IpAddress) => void, commands: readonly string[], vips: readonly IpAddress[]): Promise<void> {
  if (!dryRun) vips.forEach(work);
  if (dryRun || verbose) for (const command of commands) out(`${command}\n`);
}

function tell({ dryRun, verbose }: CommandLine, { out, error }: SettingsWorld, { commands, warnings }: Outcome): void {
  for (const warning of warnings) error(`${PROGRAM}: ${warning}\n`);
  if (dryRun || verbose) for (const command of commands) out(`${command}\n`);
}
