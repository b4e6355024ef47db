import type { z } from "zod";
import type { Machine } from "./machine";

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
  /** Whether it is well where it cannot be there: some kernels lack some sysctls. */
  dispensable?(setting: S): boolean;
  /** Why it cannot be changed, before anything is. */
  obstacle?(machine: Machine, setting: S, found: T | undefined): Promise<string | undefined>;
  apply(machine: Machine, setting: S): Promise<void>;
  /** Brings a state back; called only where the setting is as wanted, or `unfinished`. */
  restore(machine: Machine, setting: S, before: T): Promise<void>;
  /** Whether this is what a restore to `before` leaves that was interrupted: it is to be restored again. */
  unfinished?(found: T, before: T): boolean;
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
  /** Whether two states are one. */
  same(one: unknown, other: unknown): boolean;
  obstacle(machine: Machine, found: unknown): Promise<string | undefined>;
  apply(machine: Machine): Promise<void>;
  restore(machine: Machine, before: unknown): Promise<void>;
  unfinished(found: unknown, before: unknown): boolean;
  command(machine: Machine): Promise<string | undefined>;
  undo(before: unknown): string | undefined;
}

export interface Kind {
  /** Throws ZodError where it is no setting of this kind. */
  bind(setting: unknown): Bound;
}

export function defineKind<S, T>(kind: Definition<S, T>): Kind {
  return {
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
        same: (one, other) => text(one) === text(other),
        obstacle: async (machine, found) => kind.obstacle?.(machine, setting, found === undefined ? undefined : state(found)),
        apply: (machine) => kind.apply(machine, setting),
        restore: (machine, before) => kind.restore(machine, setting, state(before)),
        unfinished: (found, before) => kind.unfinished?.(state(found), state(before)) ?? false,
        command: (machine) => kind.command(machine, setting),
        undo: (before) => (before === undefined ? undefined : kind.undo(setting, state(before))),
      };
    },
  };
}
