import { chmodSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { replaceFile } from "../save-restore/replace-file";
import { SettingsFailure } from "./failure";
import type { Bound } from "./kind";
import { bindJson } from "./kinds";
import { type Identity, identity, isSame, namespaceNumber, readIdentity } from "./namespace";
import type { RouteClient } from "../rtnetlink/route-client";

/** Who needs settings: a program, for one VIP, with the options that it was started with. */
export interface Owner {
  readonly program: string;
  readonly vip: string;
  readonly options: readonly string[];
}

/** A setting that somebody needs, and what was there before. */
export interface Entry {
  readonly bound: Bound;
  /** Undefined where it could not be there yet. */
  readonly before: unknown;
  /** The kernel's numbers of the devices that it names: a name may be another device's by now, a number never is. */
  readonly devices?: ReadonlyMap<string, number>;
  /** The device that is gone, and the setting with it. */
  readonly gone?: string | undefined;
}

/** An owner, and the names of the settings that it needs. */
export interface Need {
  readonly owner: Owner;
  readonly ids: ReadonlySet<string>;
}

/** What is recorded of one namespace. Entries are in the order of applying, needs under `ownerKey`. */
export interface Record {
  readonly needs: ReadonlyMap<string, Need>;
  readonly entries: ReadonlyMap<string, Entry>;
}

export const EMPTY: Record = { needs: new Map(), entries: new Map() };

export const ownerKey = ({ program, vip }: Pick<Owner, "program" | "vip">): string => `${program} ${vip}`;

const FILE = z.object({
  version: z.literal(1),
  namespace: identity,
  needs: z.array(
    z.object({ program: z.string(), vip: z.string(), options: z.array(z.string()), settings: z.array(z.string()) }),
  ),
  /** `devices` is not there in records of older versions. */
  entries: z.array(z.object({ setting: z.unknown(), before: z.unknown().optional(), devices: z.record(z.string(), z.int()).optional() })),
});

/** An entry of the record, of devices as they are called now. */
function asNamedNow(
  bound: Bound,
  before: unknown,
  recorded: { readonly [device: string]: number },
  names: ReadonlyMap<number, string>,
): { readonly entry: Entry; readonly renamed: ReadonlyMap<string, string> } {
  const renamed = new Map<string, string>();
  const devices = new Map<string, number>();
  let gone: string | undefined;
  const nameOf = (device: string): string | undefined => {
    const index = recorded[device];
    if (index === undefined) return device;
    const name = names.get(index);
    if (name === undefined) gone = device;
    else {
      devices.set(name, index);
      if (name !== device) renamed.set(device, name);
    }
    return name;
  };
  const now = bound.renamed(before, nameOf);
  const entry: Entry = now === undefined ? { bound, before, devices: new Map(Object.entries(recorded)), gone } : { ...now, devices };
  return { entry, renamed };
}

/** The numbers of the devices that a setting names: those that are known, and those of today for others. */
function numbersOf({ bound, before, devices }: Entry, numbers: ReadonlyMap<string, number>): { [device: string]: number } | undefined {
  const found = bound.devices(before).flatMap((device): [string, number][] => {
    const index = devices?.get(device) ?? numbers.get(device);
    return index === undefined ? [] : [[device, index]];
  });
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

/** Whether all that somebody needs is recorded. */
const isWhole = ({ needs, entries }: Record): boolean => [...needs.values()].every(({ ids }) => [...ids].every((id) => entries.has(id)));

/** The record of this process's network namespace: a file of its number. Several namespaces may share a folder. */
export class RecordFile {
  readonly path: string;
  private identity: Identity | undefined;

  constructor(
    private readonly folder: string,
    private readonly route: RouteClient,
  ) {
    this.path = join(folder, `net-${namespaceNumber()}.json`);
  }

  /** Empty where there is none, or one of another namespace that had our number. Throws SettingsFailure. */
  async read(): Promise<Record> {
    let text: string;
    try {
      text = readFileSync(this.path, "utf8");
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return EMPTY;
      throw error;
    }
    try {
      const { namespace, needs, entries } = FILE.parse(JSON.parse(text));
      if (!isSame(namespace, await this.namespace())) return EMPTY;
      const names = new Map((await this.route.links()).map(({ index, name }) => [index, name]));
      const read = entries.map(({ setting, before, devices = {} }) => {
        const bound = bindJson(setting);
        // Throws where that is no state.
        bound.shown(before);
        return { id: bound.id, ...asNamedNow(bound, before, devices, names) };
      });
      const byRecorded = new Map(read.map((one) => [one.id, one]));
      const found = {
        needs: new Map(
          needs.map(({ settings, ...owner }) => {
            const own = settings.map((id) => byRecorded.get(id));
            const renamed = new Map(own.flatMap((one) => [...(one?.renamed ?? [])]));
            const ids = new Set(settings.map((id) => byRecorded.get(id)?.entry.bound.id ?? id));
            // A device that has another name since is the one that was given.
            const options = owner.options.map((word, at) => (owner.options[at - 1] === "--dev" ? (renamed.get(word) ?? word) : word));
            return [ownerKey(owner), { owner: { ...owner, options }, ids }] as const;
          }),
        ),
        entries: new Map(read.map(({ entry }) => [entry.bound.id, entry])),
      };
      if (isWhole(found)) return found;
    } catch (error) {
      if (!(error instanceof z.ZodError || error instanceof SyntaxError)) throw error;
    }
    throw new SettingsFailure(`${this.path} is damaged: what was there before is unknown (remove it to go on without)`);
  }

  /** In place of the one before, at once. */
  async write({ needs, entries }: Record): Promise<void> {
    if (needs.size === 0 && entries.size === 0) {
      rmSync(this.path, { force: true });
      return;
    }
    const numbers = new Map((await this.route.links()).map(({ index, name }) => [name, index]));
    const file: z.input<typeof FILE> = {
      version: 1,
      namespace: await this.namespace(),
      needs: [...needs.values()].map(({ owner: { program, vip, options }, ids }) => ({ program, vip, options: [...options], settings: [...ids] })),
      entries: [...entries.values()].map((entry) => ({ setting: entry.bound.setting, before: entry.before, devices: numbersOf(entry, numbers) })),
    };
    mkdirSync(this.folder, { recursive: true, mode: 0o755 });
    replaceFile(this.path, `${JSON.stringify(file, undefined, 2)}\n`, { allowEmpty: true });
    // Whatever the umask: status needs no privileges.
    chmodSync(this.path, 0o644);
  }

  private async namespace(): Promise<Identity> {
    return (this.identity ??= await readIdentity(this.route));
  }
}
