import type { z } from "zod";
import type { Machine } from "./machine";

/** What a device that was recorded is called now; undefined where it is gone. */
export type NameOf = (recorded: string) => string | undefined;

/** What one kind of setting is: S is the setting, T its state, both as JSON in the record. */
export interface Definition<S, T> {
  readonly setting: z.ZodType<S>;
  readonly state: z.ZodType<T>;
  /** Two settings of one name are one. */
  id(setting: S): string;
  /** In words: "address 192.0.2.1/32 on lo". */
  subject(setting: S): string;
  /** What it should be, in words: "1", "up". */
  wanted(setting: S): string;
  /** The same of what was found. */
  shown(found: T, setting: S): string;
  /** What the kernel has. Undefined where it cannot be there, as its device is not. */
  read(machine: Machine, setting: S): Promise<T | undefined>;
  holds(setting: S, found: T): boolean;
  /** Whether it is what `apply` makes of it, where more than that holds: anything else was there before, or somebody changed it since. */
  isOurs?(setting: S, found: T): boolean;
  /** Whether it is well where it cannot be there: some kernels lack some sysctls. */
  dispensable?(setting: S): boolean;
  /** Why it cannot be changed, before anything is. */
  obstacle?(machine: Machine, setting: S, found: T | undefined): Promise<string | undefined>;
  apply(machine: Machine, setting: S): Promise<void>;
  /** Brings a state back; called only where the setting is as wanted, or `unfinished`. */
  restore(machine: Machine, setting: S, before: T): Promise<void>;
  /** Whether this is what a restore to `before` leaves that was interrupted: it is to be restored again. */
  unfinished?(found: T, before: T): boolean;
  /** The devices that the setting and what was there before name. */
  devices?(setting: NoInfer<S>, before: NoInfer<T> | undefined): readonly string[];
  /** The same setting, of devices that have other names by now; undefined where it went with its device. */
  renamed?(setting: NoInfer<S>, nameOf: NameOf): NoInfer<S> | undefined;
  /** The same state; what went with a device is left out. */
  renamedState?(before: NoInfer<T>, nameOf: NameOf): NoInfer<T>;
  /** Where the device cannot be found: what of it is still on the machine, and how it is taken away by hand. */
  elsewhere?(machine: Machine, setting: S): Promise<string | undefined>;
  /** The command that would apply it by hand; undefined where it comes of itself with what goes before. */
  command(machine: Machine, setting: S): Promise<string | undefined>;
  /** The command that would restore it by hand; undefined where nothing is taken back. */
  undo(setting: S, before: T): string | undefined;
}

/** One setting of any kind. States are as `read` found them, or as the record has them; undefined is "cannot be there". */
export interface Bound {
  /** As JSON. */
  readonly setting: unknown;
  readonly id: string;
  readonly subject: string;
  readonly wanted: string;
  shown(found: unknown): string;
  read(machine: Machine): Promise<unknown>;
  holds(found: unknown): boolean;
  isOurs(found: unknown): boolean;
  /** Whether two states are one. */
  same(one: unknown, other: unknown): boolean;
  obstacle(machine: Machine, found: unknown): Promise<string | undefined>;
  apply(machine: Machine): Promise<void>;
  restore(machine: Machine, before: unknown): Promise<void>;
  unfinished(found: unknown, before: unknown): boolean;
  devices(before: unknown): readonly string[];
  /** Undefined where it went with its device. */
  renamed(before: unknown, nameOf: NameOf): { readonly bound: Bound; readonly before: unknown } | undefined;
  elsewhere(machine: Machine): Promise<string | undefined>;
  command(machine: Machine): Promise<string | undefined>;
  undo(before: unknown): string | undefined;
}

export interface Kind {
  /** Throws ZodError where it is no setting of this kind. */
  bind(setting: unknown): Bound;
}

export function defineKind<S, T>(kind: Definition<S, T>): Kind {
  const own: Kind = {
    bind(json) {
      const setting = kind.setting.parse(json);
      const state = (found: unknown): T => kind.state.parse(found);
      const text = (found: unknown): string => JSON.stringify(found === undefined ? null : state(found));
      return {
        setting,
        id: kind.id(setting),
        subject: kind.subject(setting),
        wanted: kind.wanted(setting),
        shown: (found) => (found === undefined ? "not there" : kind.shown(state(found), setting)),
        read: (machine) => kind.read(machine, setting),
        holds: (found) => (found === undefined ? (kind.dispensable?.(setting) ?? false) : kind.holds(setting, state(found))),
        isOurs: (found) => found !== undefined && (kind.isOurs ?? kind.holds)(setting, state(found)),
        same: (one, other) => text(one) === text(other),
        obstacle: async (machine, found) => kind.obstacle?.(machine, setting, found === undefined ? undefined : state(found)),
        apply: (machine) => kind.apply(machine, setting),
        restore: (machine, before) => kind.restore(machine, setting, state(before)),
        unfinished: (found, before) => kind.unfinished?.(state(found), state(before)) ?? false,
        devices: (before) => kind.devices?.(setting, before === undefined ? undefined : state(before)) ?? [],
        renamed: (before, nameOf) => {
          const moved = kind.renamed === undefined ? setting : kind.renamed(setting, nameOf);
          if (moved === undefined) return undefined;
          const then = before === undefined || kind.renamedState === undefined ? before : kind.renamedState(state(before), nameOf);
          return { bound: own.bind(moved), before: then };
        },
        elsewhere: async (machine) => kind.elsewhere?.(machine, setting),
        command: (machine) => kind.command(machine, setting),
        undo: (before) => (before === undefined ? undefined : kind.undo(setting, state(before))),
      };
    },
  };
  return own;
}

/** Of settings whose device is their `link`. */
export const ofLink = {
  devices: ({ link }: { readonly link: string }): readonly string[] => [link],
  renamed: <S extends { readonly link: string }>(setting: S, nameOf: NameOf): S | undefined => {
    const link = nameOf(setting.link);
    return link === undefined ? undefined : { ...setting, link };
  },
};
