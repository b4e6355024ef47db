import { leftOutInWords } from "../../lab/kernel";
import { MessageLog } from "../messages";
import type { Outcome } from "../reference";
import type { Rig } from "../rig";

/** One part of the differential suite; it says of each case what is wrong, or nothing. */
export interface Suite {
  readonly name: string;
  run(rig: Rig, report: Report): Promise<void>;
}

const MOST_SHOWN = 40;

export class Report {
  readonly messages = new MessageLog();
  passed = 0;
  failed = 0;
  /** The reasons of those that cannot run on this kernel. */
  readonly #leftOut: string[] = [];

  note(name: string, problems: readonly string[]): void {
    if (problems.length === 0) {
      this.passed++;
      return;
    }
    this.failed++;
    if (this.failed <= MOST_SHOWN) console.log(`FAILED ${name}\n${problems.map((problem) => `  ${problem}`).join("\n")}`);
  }

  /** What cannot run on this kernel: a case, or a whole part that counts as one. */
  leaveOut(name: string, reason: string): void {
    console.log(`left out ${name}: ${reason}`);
    this.#leftOut.push(reason);
  }

  get totals(): string {
    return `${this.passed} passed, ${this.failed} failed${leftOutInWords(this.#leftOut)}`;
  }
}

/** What differs between two outcomes, in words. */
export const differences = (reference: Outcome, subject: Outcome): string[] =>
  (["stdout", "stderr", "status"] as const).flatMap((part) =>
    reference[part] === subject[part]
      ? []
      : [`${part} of ipvsadm: ${JSON.stringify(reference[part])}`, `${part} of ours:    ${JSON.stringify(subject[part])}`],
  );

export const show = (words: readonly string[]): string =>
  ["ipvsadm", ...words].map((word) => (/^[\w@%+=:,./[\]-]+$/.test(word) ? word : JSON.stringify(word))).join(" ");
