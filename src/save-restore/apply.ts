/** Carries out steps so that they can be taken back. */
import type { IpvsClient } from "../ipvs/client";
import type { Change } from "../ipvs/model";
import { ERRNO, type NetlinkError } from "../netlink/errors";
import { type Step, undoOf } from "./plan";

/** Between two of so many steps, an interruption is noticed. */
const AT_ONCE = 1_000;

/** What the kernel answers where what leaves has left already: another program was quicker, and nothing is lost. */
const GONE: Readonly<Partial<Record<Change["kind"], readonly number[]>>> = {
  "delete-service": [ERRNO.ESRCH],
  "delete-server": [ERRNO.ENOENT],
  // Of a server that drains. That its service is gone as well is no matter, or its deletion will say so.
  "edit-server": [ERRNO.ENOENT, ERRNO.ESRCH],
};
const isGone = ({ kind }: Change, { errno }: NetlinkError): boolean => GONE[kind]?.includes(errno) ?? false;

export interface Refused {
  readonly step: Step;
  readonly error: NetlinkError;
}

export class Transaction {
  private readonly done: Step[] = [];

  constructor(
    private readonly ipvs: IpvsClient,
    private readonly progress: (steps: number) => void,
    private readonly interrupted: () => boolean,
  ) {}

  /**
   * Carries steps out, in order, up to the first that the kernel refuses or
   * to an interruption. What was done by then can be undone.
   */
  async carryOut(steps: readonly Step[]): Promise<Refused | "interrupted" | undefined> {
    for (let at = 0; at < steps.length; at += AT_ONCE) {
      if (this.interrupted()) return "interrupted";
      const some = steps.slice(at, at + AT_ONCE);
      const refusals = await this.ipvs.changeAll(some.map((step) => step.change));
      const refused = new Set(refusals.map(({ index }) => index));
      this.done.push(...some.filter((_, index) => !refused.has(index)));
      this.progress(this.done.length);
      for (const { index, error } of refusals) {
        const step = some[index];
        // What no line asked for leaves.
        if (step !== undefined && !(step.place === undefined && isGone(step.change, error))) return { step, error };
      }
    }
    return undefined;
  }

  /** Takes back what was done, the last first; returns what the kernel would not take back. */
  async undo(): Promise<Change[]> {
    const changes = this.done.reverse().flatMap(undoOf);
    this.done.length = 0;
    const refusals = await this.ipvs.changeAll(changes);
    return refusals.flatMap(({ index, error }) => {
      const change = changes[index];
      return change === undefined || (change.kind !== "edit-server" && isGone(change, error)) ? [] : [change];
    });
  }
}
