import type { IpAddress } from "../rtnetlink/ip";
import { examine, hazardFinding, look, type Outcome, restart, start, stop, type Wanted } from "../settings/engine";
import { type Hazard, hazardWarning } from "../settings/hazard";
import { withManagers } from "../settings/managers";
import { type Persistence, persistent, requireSystemd } from "../settings/persist";
import { changes, lasting, notStarted, ownerOf, passing, recorded, type Run, runProgram, statusOf, tell } from "../settings/program";
import { stateOf, statusCode, statusJson, statusText } from "../settings/report";
import { broken } from "../settings/silence";
import { parseVip } from "../settings/vip";
import { watch, type Watchable } from "../settings/watch";
import type { Command } from "../settings/words";
import type { SettingsWorld } from "../settings/world";
import { type CommandLine, parseCommandLine } from "./command-line";
import { DIRECT_ROUTING, optionsOfWords, type RealServerOptions, wordsOfOptions } from "./options";
import { forwarding, optionsJson } from "./status";
import { wantedFor } from "./wanted";

const PROGRAM = "lvs-realserver";
export const PERSISTENCE: Persistence = { program: PROGRAM, folder: "realserver", variable: "LVS_REALSERVER_OPTIONS" };

/** lvs-realserver(8). Returns the exit status. */
export const realServer = (words: readonly string[], world: SettingsWorld): Promise<number> =>
  runProgram(PROGRAM, () => parseCommandLine(words), COMMANDS, world);

const COMMANDS: Readonly<Record<Command, Run<CommandLine>>> = {
  start: async (line, world) => {
    const { vips, options = DIRECT_ROUTING, dryRun } = line;
    if (line.persist) requireSystemd(PERSISTENCE);
    const all = vips.map((vip) => wanted(vip, options));
    const before = await recorded(PROGRAM, world);
    const outcome = await withHazards(world, all, await withManagers(world.machine, all, await start(world.machine, all, { dryRun })));
    const changed = changes(before, all, ({ options: words }) => forwarding(optionsOfWords(words)), dryRun);
    tell(PROGRAM, line, world, { ...outcome, warnings: [...changed, ...outcome.warnings] });
    lasting(PERSISTENCE, line, world, all.map(({ owner, settings }) => ({ vip: owner.vip, options: owner.options, settings })));
    return statusOf(outcome);
  },
  stop: async (line, world) => {
    const { vips, all, dryRun } = line;
    const ours = await recorded(PROGRAM, world);
    const stopped = all ? ours.map(({ vip }) => parseVip(vip)) : vips;
    if (line.persist) requireSystemd(PERSISTENCE);
    const outcome = await stop(world.machine, stopped.map((vip) => ownerOf(PROGRAM, vip)), { dryRun });
    const foreign = stopped.filter(({ address }) => !ours.some(({ vip }) => vip === address));
    tell(PROGRAM, line, world, { ...outcome, warnings: [...outcome.warnings, ...(await notStarted(PROGRAM, world, foreign, all && ours.length === 0))] });
    passing(PERSISTENCE, line, world, [...new Set([...stopped.map(({ address }) => address), ...(all ? persistent(PERSISTENCE) : [])])]);
    return statusOf(outcome);
  },
  restart: async (line, world) => {
    const { dryRun } = line;
    const all = await chosen(line, world);
    const outcome = await withHazards(world, all, await withManagers(world.machine, all, await restart(world.machine, all, { dryRun })));
    tell(PROGRAM, line, world, outcome);
    return statusOf(outcome);
  },
  status: async (line, world) => {
    const found = [];
    for (const one of await chosen(line, world)) {
      const { owner, settings } = one;
      const findings = [...(await examine(world.machine, settings)), ...(await hazards(world, one)).map(hazardFinding)];
      const options = optionsOfWords(owner.options);
      found.push({ vip: owner.vip, how: forwarding(options), options: optionsJson(options), state: stateOf(findings), settings: findings });
    }
    world.out(line.json ? statusJson(found) : statusText(found, world.coloured));
    return statusCode(found.map(({ state }) => state));
  },
  watch: (line, world) => watch(WATCHABLE, line, world),
};

const WATCHABLE: Watchable = {
  program: PROGRAM,
  wantedOf: async (_machine, { vip, options }) => wanted(parseVip(vip), optionsOfWords(options)),
  // The neighbours are not told of it.
  returned: async () => [],
};

const wanted = (vip: IpAddress, options: RealServerOptions): Wanted => ({
  owner: { ...ownerOf(PROGRAM, vip), options: wordsOfOptions(options) },
  settings: wantedFor(vip, options),
});

/** What makes neighbours hear of a VIP. */
const hazards = ({ machine }: SettingsWorld, { owner, settings }: Wanted): Promise<Hazard[]> =>
  look(() => broken(machine, parseVip(owner.vip), settings.find((setting) => setting.kind === "address")?.link ?? ""));

async function withHazards(world: SettingsWorld, all: readonly Wanted[], outcome: Outcome): Promise<Outcome> {
  const found: string[] = [];
  for (const one of all) found.push(...(await hazards(world, one)).map((hazard) => hazardWarning(one.owner.vip, hazard)));
  return { ...outcome, warnings: [...outcome.warnings, ...found] };
}

/** The VIPs of the command line, or all that were started; with the options of the command line, or those that they were started with. */
async function chosen({ vips, options }: CommandLine, world: SettingsWorld): Promise<Wanted[]> {
  const known = new Map((await recorded(PROGRAM, world)).map((owner) => [owner.vip, optionsOfWords(owner.options)]));
  const which = vips.length > 0 ? vips : [...known.keys()].map(parseVip);
  return which.map((vip) => wanted(vip, options ?? known.get(vip.address) ?? DIRECT_ROUTING));
}
