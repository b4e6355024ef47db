import { mkdirSync, readFileSync, rmSync } from "node:fs";
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
  entries: z.array(z.object({ setting: z.unknown(), before: z.unknown().optional() })),
});

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
      const found = {
        needs: new Map(needs.map(({ settings, ...owner }) => [ownerKey(owner), { owner, ids: new Set(settings) }])),
        entries: new Map(
          entries.map(({ setting, before }) => {
            const bound = bindJson(setting);
            // Throws where that is no state.
            bound.shown(before);
            return [bound.id, { bound, before }];
          }),
        ),
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
    const file: z.input<typeof FILE> = {
      version: 1,
      namespace: await this.namespace(),
      needs: [...needs.values()].map(({ owner, ids }) => ({ ...owner, options: [...owner.options], settings: [...ids] })),
      entries: [...entries.values()].map(({ bound, before }) => ({ setting: bound.setting, before })),
    };
    mkdirSync(this.folder, { recursive: true, mode: 0o755 });
    replaceFile(this.path, `${JSON.stringify(file, undefined, 2)}\n`, { allowEmpty: true });
  }

  private async namespace(): Promise<Identity> {
    return (this.identity ??= await readIdentity(this.route));
  }
}
