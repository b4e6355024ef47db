/** Carries out steps so that they can be taken back. */
import type { IpvsClient } from "../ipvs/client";
import type { Change } from "../ipvs/model";
import type { NetlinkError } from "../netlink/errors";
import type { Step } from "./plan";

/** Between two of so many steps, an interruption is noticed. */
const AT_ONCE = 1_000;

export interface Refused {
  readonly step: Step;
  readonly error: NetlinkError;
}

export class Transaction {
  readonly #done: Step[] = [];

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
      this.#done.push(...some.filter((_, index) => !refused.has(index)));
      this.progress(this.#done.length);
      const [first] = refusals;
      const step = first && some[first.index];
      if (first !== undefined && step !== undefined) return { step, error: first.error };
    }
    return undefined;
  }

  /** Takes back what was done, the last first; returns what the kernel would not take back. */
  async undo(): Promise<Change[]> {
    const changes = this.#done.reverse().flatMap((step) => step.undo);
    this.#done.length = 0;
    const refusals = await this.ipvs.changeAll(changes);
    return refusals.flatMap(({ index }) => changes[index] ?? []);
  }
}
