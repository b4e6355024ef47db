/**
 * Puts back what others take from VIPs that were started, until they are
 * stopped. The kernel tells of links, addresses, routes and some settings; what
 * it does not tell of is compared at each such notification, and at intervals.
 */
import { type FSWatcher, watch as watchFolder } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { basename } from "node:path";
import { Chalk } from "chalk";
import { NetlinkError } from "../netlink/errors";
import { IFF } from "../rtnetlink/constants";
import { parseIp } from "../rtnetlink/ip";
import { type Change, type Notifications, openNotifications } from "../rtnetlink/notifications";
import { examine, type Lost, owners, putBack, RUN, type Wanted } from "./engine";
import { SettingsFailure } from "./failure";
import type { Machine } from "./machine";
import { type Owner, RecordFile } from "./record";
import { type CommonLine, INTERVAL } from "./words";
import type { SettingsWorld } from "./world";

/** What a program has of its own. */
export interface Watchable {
  readonly program: string;
  /** What an owner of the record needs. Throws SettingsFailure where it cannot have it: without its device. */
  wantedOf(machine: Machine, owner: Owner): Promise<Wanted>;
  /** After these have an address again that they had lost. Returns warnings. */
  returned(machine: Machine, owners: readonly Owner[]): Promise<readonly string[]>;
}

/** From the kernel's first word to a look at everything: others often change several things at once. In milliseconds. */
const SETTLING = 100;
/** What cannot be put back is tried again so much later: the attempt itself may cause notifications. In milliseconds. */
const PAUSE_AFTER_FAILURE = 5_000;
/** What is taken away so often in that time, in milliseconds, is somebody else's. */
const FIGHT = { times: 5, within: 60_000 } as const;
/** How long a change that is under way has to end after SIGTERM, in milliseconds. Cut short, it can be gone on with by start and stop. */
const GRACE = 500;

/** No VIP is active: LSB's status, as that of "status". */
const NOT_ACTIVE = 3;

/** Somebody else wants something to be otherwise. */
class Fight extends SettingsFailure {}

/** Returns the exit status. Throws SettingsFailure. */
export async function watch(watchable: Watchable, line: Pick<CommonLine, "vips" | "verbose" | "interval">, world: SettingsWorld): Promise<number> {
  const interruption = world.interruption();
  const watching = new Watch(watchable, line, world, interruption);
  const interrupted = new Promise<"interrupted">((resolve) => {
    if (interruption.aborted) resolve("interrupted");
    interruption.addEventListener("abort", () => resolve("interrupted"));
  });
  const running = watching.run();
  try {
    const ended = await Promise.race([running, interrupted]);
    if (ended !== "interrupted") return ended;
    await Promise.race([running.catch(() => {}), pause(GRACE)]);
    watching.tellInterruption();
    return 0;
  } finally {
    watching.close();
  }
}

class Watch {
  private readonly alarm = new Alarm();
  private readonly watched = new Map<string, Owner>();
  /** VIPs of which the kernel told that the route to them is gone. */
  private readonly routes = new Set<string>();
  /** When each setting was put back, by its name, on the clock of `performance`. */
  private readonly times = new Map<string, number[]>();
  /** What was last said of a VIP that could not be put back, and when to try again. */
  private readonly failures = new Map<string, { readonly message: string; readonly again: number }>();
  private notifications: Notifications | undefined;
  private folder: FSWatcher | undefined;
  /** Why the kernel tells nothing more. */
  private deaf: NetlinkError | undefined;

  constructor(
    private readonly watchable: Watchable,
    private readonly line: Pick<CommonLine, "vips" | "verbose" | "interval">,
    private readonly world: SettingsWorld,
    private readonly interruption: AbortSignal,
  ) {}

  /** Ends with the status when nothing is left to be watched. */
  async run(): Promise<number> {
    const missing = await this.missing();
    if (missing !== undefined) {
      this.complain(missing);
      return NOT_ACTIVE;
    }
    // Before the first look: what changes in between is heard.
    this.listen();
    for (;;) {
      await this.look();
      if (this.watched.size === 0 || this.interruption.aborted) return 0;
      await this.alarm.wait(this.patience());
      if (this.deaf !== undefined) throw new SettingsFailure(this.deaf.message);
      if (this.interruption.aborted) return 0;
      await pause(SETTLING);
    }
  }

  close(): void {
    this.notifications?.close();
    this.folder?.close();
    this.alarm.ring();
  }

  tellInterruption(): void {
    const { reason } = this.interruption;
    const names = [...this.watched.keys()].join(", ");
    this.say(`${typeof reason === "string" ? reason : "interrupted"}: ${names === "" ? "nothing is" : `${names}: no longer`} watched`);
  }

  private listen(): void {
    this.interruption.addEventListener("abort", () => this.alarm.ring());
    try {
      this.notifications = openNotifications(
        (change) => this.hear(change),
        (error) => {
          this.deaf = error;
          this.alarm.ring();
        },
      );
    } catch (error) {
      throw error instanceof NetlinkError ? new SettingsFailure(error.message) : error;
    }
    try {
      // A stop that leaves everything to other VIPs changes the record alone.
      const own = basename(new RecordFile(RUN, this.world.machine.route).path);
      this.folder = watchFolder(RUN, (_event, name) => {
        if (name === null || name === own) this.alarm.ring();
      });
      this.folder.on("error", () => {});
    } catch {
      // Where this system has no inotify instance left, the next look finds out.
    }
  }

  private hear(change: Change): void {
    if (change.kind === "route") {
      if (!this.watched.has(change.address)) return;
      this.routes.add(change.address);
    }
    if (change.kind === "overflow") for (const vip of this.watched.keys()) this.routes.add(vip);
    this.alarm.ring();
  }

  /**
   * Why there is nothing to be watched. Asked while nobody starts or stops a VIP: within a restart, it is not recorded for
   * a moment. Throws SettingsFailure, also where nothing could be put back for want of privileges.
   */
  private async missing(): Promise<string | undefined> {
    let recorded: readonly string[] = [];
    const note = async (all: readonly Owner[]): Promise<readonly Wanted[]> => {
      recorded = this.own(all).map(({ vip }) => vip);
      return [];
    };
    await putBack(this.world.machine, note, () => {}, this.interruption);
    const missing = this.line.vips.map(({ address }) => address).filter((vip) => !recorded.includes(vip));
    if (missing.length > 0) return `${missing.join(", ")}: not started here, so there is nothing to watch`;
    return recorded.length === 0 ? "no VIP was started here, so there is nothing to watch" : undefined;
  }

  /** One look at everything: who was started or stopped, and what is missing. Throws SettingsFailure. */
  private async look(): Promise<void> {
    this.alarm.reset();
    const recorded = new Map((await this.recorded()).map((owner) => [owner.vip, owner]));
    for (const owner of recorded.values()) this.follow(owner);
    const now = performance.now();
    const affected: Owner[] = [];
    for (const owner of this.watched.values()) {
      const isHeldOff = (this.failures.get(owner.vip)?.again ?? 0) > now;
      if (!recorded.has(owner.vip) || (!isHeldOff && (await this.isAffected(owner)))) affected.push(owner);
    }
    if (affected.length === 0) return;
    try {
      await this.mend(affected);
    } catch (error) {
      if (!isFailure(error)) throw error;
      if (affected.length === 1) return this.fail(affected, error);
      // One that cannot be put back is not to keep the others away.
      for (const owner of affected) await this.mend([owner]).catch((error: unknown) => this.fail([owner], error));
    }
  }

  private follow(owner: Owner): void {
    const { vips } = this.line;
    if (vips.length > 0 && !vips.some(({ address }) => address === owner.vip)) return;
    if (!this.watched.has(owner.vip)) this.say(owner.vip, "watched");
    this.watched.set(owner.vip, owner);
  }

  private async isAffected(owner: Owner): Promise<boolean> {
    try {
      const { settings } = await this.watchable.wantedOf(this.world.machine, owner);
      const findings = await examine(this.world.machine, settings);
      return findings.some(({ holds }) => !holds) || this.routes.has(owner.vip);
    } catch (error) {
      this.fail([owner], error);
      return false;
    }
  }

  /** Puts back what these have lost; those that were stopped are let go. Throws SettingsFailure. */
  private async mend(affected: readonly Owner[]): Promise<void> {
    const { machine } = this.world;
    const names = new Set(affected.map(({ vip }) => vip));
    let found: readonly Owner[] = [];
    let wanted: Wanted[] = [];
    const choose = async (all: readonly Owner[]): Promise<readonly Wanted[]> => {
      found = this.own(all).filter(({ vip }) => names.has(vip));
      wanted = [];
      for (const owner of found) wanted.push(await this.watchable.wantedOf(machine, owner));
      for (const one of wanted) await this.clearWithoutRoute(one);
      return wanted;
    };
    const { lost, commands, warnings } = await putBack(machine, choose, (lost) => this.allow(lost, wanted), this.interruption);
    const now = performance.now();
    for (const one of lost) {
      this.tell(one, ownerOf(one, wanted));
      this.times.set(one.id, [...this.recent(one.id), now]);
    }
    for (const { vip } of found) this.failures.delete(vip);
    const returned = found.filter(({ vip }) => lost.some(({ setting }) => setting.kind === "address" && setting.address === vip));
    const more = returned.length === 0 ? [] : await this.watchable.returned(machine, returned);
    for (const warning of [...warnings, ...more]) this.complain(warning);
    if (this.line.verbose) for (const command of commands) this.world.out(`${command}\n`);
    for (const vip of names) if (!found.some((owner) => owner.vip === vip)) this.letGo(vip);
  }

  /**
   * An address without the route that delivers it is no use, and the kernel makes that route only with the address.
   * While a device is down, its addresses have none.
   */
  private async clearWithoutRoute({ owner: { vip }, settings }: Wanted): Promise<void> {
    const { route } = this.world.machine;
    const address = parseIp(vip);
    if (!this.routes.delete(vip) || address === undefined) return;
    for (const setting of settings) {
      if (setting.kind !== "address") continue;
      const link = await route.link(setting.link);
      if (link === undefined || (link.flags & IFF.UP) === 0 || (await route.isLocal(address))) continue;
      const there = (await route.addresses()).find((one) => one.index === link.index && one.family === address.family && one.address === vip);
      if (there === undefined) continue;
      this.say(vip, `${vip} on ${setting.link} is without its local route: added anew`);
      await route.deleteAddress({ ...there, flags: 0 });
    }
  }

  /** Throws Fight where something is gone once more that was put back too often. */
  private allow(lost: readonly Lost[], wanted: readonly Wanted[]): void {
    const { times, within } = FIGHT;
    for (const one of lost) {
      if (this.recent(one.id).length + 1 < times) continue;
      const what = `${one.subject}: ${state(one)}, ${times} times within ${within / 1000} seconds`;
      throw new Fight(`${ownerOf(one, wanted)}: ${what}: something else changes it, and it is no longer watched`);
    }
  }

  /** When a setting was put back lately. */
  private recent(id: string): number[] {
    const now = performance.now();
    return (this.times.get(id) ?? []).filter((time) => now - time < FIGHT.within);
  }

  private tell(lost: Lost, vip: string): void {
    // Whether another machine has an address is found out with each that is added.
    if (lost.kind !== "unique-address") this.say(vip, `${lost.subject}: ${state(lost)}, put back`);
  }

  private letGo(vip: string): void {
    this.watched.delete(vip);
    this.failures.delete(vip);
    this.say(vip, "stopped, no longer watched");
  }

  /** Says why VIPs cannot be put back, once. Throws what is no reason of the machine's. */
  private fail(owners: readonly Owner[], error: unknown): void {
    if (!isFailure(error)) throw error;
    for (const { vip } of owners) {
      const message = `${vip}: cannot be put back: ${error.message}`;
      if (this.failures.get(vip)?.message !== message && !this.interruption.aborted) this.complain(message);
      this.failures.set(vip, { message, again: performance.now() + PAUSE_AFTER_FAILURE });
    }
  }

  /** How long nothing needs to be looked at, if nothing is heard. In milliseconds. */
  private patience(): number {
    const again = [...this.failures.values()].map((failure) => failure.again - performance.now());
    return Math.max(0, Math.min((this.line.interval ?? INTERVAL.usual) * 1000, ...again));
  }

  private recorded = async (): Promise<Owner[]> => this.own(await owners(this.world.machine));

  private own = (all: readonly Owner[]): Owner[] => all.filter(({ program }) => program === this.watchable.program);

  private say(what: string, more?: string): void {
    const { bold } = new Chalk({ level: this.world.coloured ? 1 : 0 });
    this.world.out(`${this.watchable.program}: ${more === undefined ? what : `${bold(what)}: ${more}`}\n`);
  }

  private complain(message: string): void {
    this.world.error(`${this.watchable.program}: ${message}\n`);
  }
}

const isFailure = (error: unknown): error is SettingsFailure => error instanceof SettingsFailure && !(error instanceof Fight);

/** The VIP that a setting is of; one of those that share it. */
const ownerOf = ({ setting }: Lost, wanted: readonly Wanted[]): string =>
  wanted.find(({ settings }) => settings.includes(setting))?.owner.vip ?? wanted.map(({ owner }) => owner.vip).join(", ");

const NOT_THERE = "not there";

/** How a setting was found, in words: "0 instead of 1". */
const state = ({ found, wanted }: Lost): string => (found === NOT_THERE || wanted === "there" ? found : `${found} instead of ${wanted}`);

/** What wakes a wait, or has rung before it. */
class Alarm {
  private hasRung = false;
  private wake: (() => void) | undefined;

  ring(): void {
    this.hasRung = true;
    this.wake?.();
  }

  reset(): void {
    this.hasRung = false;
  }

  async wait(timeout: number): Promise<void> {
    if (this.hasRung) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeout);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = undefined;
  }
}
