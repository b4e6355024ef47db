import type { IpAddress } from "../rtnetlink/ip";
import { networkText } from "../rtnetlink/network";
import { examine, restart, start, stop, type Wanted } from "../settings/engine";
import { SettingsFailure } from "../settings/failure";
import { withManagers } from "../settings/managers";
import { type Persistence, persistent, requireSystemd } from "../settings/persist";
import { changes, lasting, notStarted, ownerOf, passing, recorded, type Run, runProgram, statusOf, tell } from "../settings/program";
import { stateOf, statusCode, statusJson, statusText } from "../settings/report";
import type { Owner } from "../settings/record";
import { parseVip } from "../settings/vip";
import { watch, type Watchable } from "../settings/watch";
import type { Command } from "../settings/words";
import type { SettingsWorld } from "../settings/world";
import { announce, announceCommands } from "./announce";
import { type CommandLine, parseCommandLine } from "./command-line";
import { type DirectorOptions, optionsOfWords, wordsOfOptions } from "./options";
import { vrfWarnings } from "./vrf";
import { wantedFor } from "./wanted";

const PROGRAM = "lvs-director";
const PERSISTENCE: Persistence = { program: PROGRAM, folder: "director", variable: "LVS_DIRECTOR_OPTIONS" };

/** lvs-director(8). Returns the exit status. */
export const director = (words: readonly string[], world: SettingsWorld): Promise<number> =>
  runProgram(PROGRAM, () => parseCommandLine(words), COMMANDS, world);

const COMMANDS: Readonly<Record<Command, Run<CommandLine>>> = {
  start: (line, world) => begin(start, line, world),
  restart: (line, world) => begin(restart, line, world),
  stop: async (line, world) => {
    const { vips, all, dryRun } = line;
    if (line.persist) requireSystemd(PERSISTENCE);
    const ours = await recorded(PROGRAM, world);
    const stopped = all ? ours.map(({ vip }) => parseVip(vip)) : vips;
    const outcome = await stop(world.machine, stopped.map((vip) => ownerOf(PROGRAM, vip)), { dryRun });
    const foreign = stopped.filter(({ address }) => !ours.some(({ vip }) => vip === address));
    tell(PROGRAM, line, world, { ...outcome, warnings: [...outcome.warnings, ...(await notStarted(PROGRAM, world, foreign, all && ours.length === 0))] });
    passing(PERSISTENCE, line, world, [...new Set([...stopped.map(({ address }) => address), ...(all ? persistent(PERSISTENCE) : [])])]);
    return statusOf(outcome);
  },
  status: async (line, world) => {
    const found = [];
    for (const { vip, options } of await chosen(line, world)) {
      const findings = options === undefined ? [] : await examine(world.machine, wantedFor(vip, options));
      found.push({ vip: vip.address, how: how(options), options: optionsJson(options), state: stateOf(findings), settings: findings });
    }
    world.out(line.json ? statusJson(found) : statusText(found, world.coloured));
    return statusCode(found.map(({ state }) => state));
  },
  watch: (line, world) => watch(WATCHABLE, line, world),
};

const WATCHABLE: Watchable = {
  program: PROGRAM,
  wantedOf: async (machine, owner) => {
    const options = recordedOptions(owner);
    await machine.link(options.dev);
    return { owner, settings: wantedFor(parseVip(owner.vip), options) };
  },
  returned: async (machine, owners) => {
    const warnings: string[] = [];
    for (const owner of owners) warnings.push(...(await announce(machine, recordedOptions(owner).dev, [parseVip(owner.vip)])));
    return warnings;
  },
};

function recordedOptions({ vip, options }: Owner): DirectorOptions {
  const known = optionsOfWords(options);
  if (known === undefined) throw new SettingsFailure(`${vip} is recorded with options that are none: ${options.join(" ")}`);
  return known;
}

/** A VIP, and how it is to be started, or was; undefined where nobody knows. */
interface Choice {
  readonly vip: IpAddress;
  readonly options: DirectorOptions | undefined;
}

async function begin(work: typeof start | typeof restart, line: CommandLine, world: SettingsWorld): Promise<number> {
  const { machine } = world;
  if (line.persist) requireSystemd(PERSISTENCE);
  const wanted: Wanted[] = [];
  const byDevice = new Map<string, IpAddress[]>();
  for (const { vip, options } of await chosen(line, world)) {
    if (options === undefined) throw new SettingsFailure(`${vip.address}: was not started here: --dev names the device`, 2);
    const { dev } = options;
    if ((await machine.route.link(dev)) === undefined) throw new SettingsFailure(`--dev: there is no network device ${JSON.stringify(dev)}`, 2);
    wanted.push({ owner: { ...ownerOf(PROGRAM, vip), options: wordsOfOptions(options) }, settings: wantedFor(vip, options) });
    byDevice.set(dev, [...(byDevice.get(dev) ?? []), vip]);
  }
  const before = await recorded(PROGRAM, world);
  const outcome = await work(machine, wanted, { dryRun: line.dryRun });
  const changed = changes(before, wanted, (owner) => how(optionsOfWords(owner.options)), line.dryRun);
  const announced = { commands: [...outcome.commands], warnings: [...changed, ...outcome.warnings], leftovers: outcome.leftovers };
  const serverNets = wanted.flatMap(({ owner }) => optionsOfWords(owner.options)?.serverNets ?? []);
  for (const [dev, vips] of byDevice) {
    announced.warnings.push(...(await vrfWarnings(machine, dev, vips, serverNets)));
    announced.commands.push(...announceCommands(dev, vips));
    if (!line.dryRun) announced.warnings.push(...(await announce(machine, dev, vips)));
  }
  tell(PROGRAM, line, world, await withManagers(machine, wanted, announced));
  lasting(PERSISTENCE, line, world, wanted.map(({ owner, settings }) => ({ vip: owner.vip, options: owner.options, settings })));
  return statusOf(outcome);
}

/** The VIPs of the command line, or all that were started; with the options of the command line, or those that they were started with. */
async function chosen({ vips, options }: CommandLine, world: SettingsWorld): Promise<Choice[]> {
  const known = new Map((await recorded(PROGRAM, world)).map((owner) => [owner.vip, optionsOfWords(owner.options)]));
  const which = vips.length > 0 ? vips : [...known.keys()].map(parseVip);
  return which.map((vip) => ({ vip, options: options ?? known.get(vip.address) }));
}

const how = (options: DirectorOptions | undefined): string =>
  options === undefined ? "not started here" : [options.mode, `on ${options.dev}`, ...options.serverNets.map((network) => `servers in ${networkText(network)}`)].join(", ");

const optionsJson = (options: DirectorOptions | undefined): object => ({
  dev: options?.dev ?? null,
  mode: options?.mode ?? null,
  serverNets: options?.serverNets.map(networkText) ?? [],
});
