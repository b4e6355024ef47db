/** Results as tables that also read without colour. */
import Table from "cli-table3";
import type { ChalkInstance } from "chalk";
import { type Kernel, median, type Missing, type Result, type Sample } from "./result";

export const KERNEL_NAMES: Readonly<Record<Kernel, string>> = {
  uml: "user-mode Linux",
  qemu: "QEMU without KVM",
};

const seconds = (value: number): string => (value < 0.995 ? value.toFixed(3) : value.toFixed(2));
const spread = (samples: readonly Sample[]): string => {
  const all = samples.map((sample) => sample.seconds);
  return all.length < 2 ? "-" : `${seconds(Math.min(...all))} - ${seconds(Math.max(...all))}`;
};
const time = (samples: readonly Sample[]): string => (samples.length === 0 ? "-" : seconds(median(samples)));
const share = (samples: readonly Sample[]): string => `${seconds(median(samples, "user"))} + ${seconds(median(samples, "kernel"))}`;
const ratio = (samples: readonly Sample[], over: readonly Sample[]): number => median(samples) / median(over);
/** Of the fastest runs: what other work on the machine disturbs least. */
const best = (samples: readonly Sample[], over: readonly Sample[]): string => {
  const least = (all: readonly Sample[]): number => Math.min(...all.map((sample) => sample.seconds));
  return over.length === 0 ? "-" : plain(least(samples) / least(over));
};
const plain = (value: number): string => (Number.isNaN(value) ? "-" : value.toFixed(2));

export class Printer {
  constructor(
    private readonly chalk: ChalkInstance,
    private readonly kernel: Kernel,
    /** Peak memory up to here is not told apart. */
    private readonly floor: number,
  ) {}

  /** All that was found out on one kernel. */
  tables(results: readonly Result[], missing: readonly Missing[]): string {
    const parts = [
      this.#startUp(results.filter(({ node }) => node !== undefined)),
      this.#cases(results.filter(({ node }) => node === undefined)),
      this.#growth(results.filter(({ point }) => point !== undefined)),
      ...missing.map(({ group, name, failed, why }) =>
        failed ? this.chalk.red(`FAILED: ${group}: ${name}: ${why}`) : `left out: ${group}: ${name}: ${why}`,
      ),
    ];
    return parts.filter((part) => part !== "").join("\n\n");
  }

  #peak(samples: readonly Sample[]): string {
    if (samples.length === 0) return "-";
    const most = Math.max(...samples.map((sample) => sample.peak));
    return `${most <= this.floor ? "<= " : ""}${most.toLocaleString("en-US")}`;
  }

  #startUp(results: readonly Result[]): string {
    if (results.length === 0) return "";
    return this.#table(
      "start-up: ours beside `node -e 0`, and beside ipvsadm",
      ["case", "ours s", "node s", "ours/node", "target", "of best", "ipvsadm s", "ours/ipvsadm", "spread of ours", "of node", "of ipvsadm", "peak KiB", "of node", "of ipvsadm", "n"],
      results.map(({ name, ours, node = [], reference, target }) => [
        name,
        time(ours),
        time(node),
        plain(ratio(ours, node)),
        this.#target(ratio(ours, node), target),
        best(ours, node),
        time(reference),
        plain(ratio(ours, reference)),
        spread(ours),
        spread(node),
        spread(reference),
        this.#peak(ours),
        this.#peak(node),
        this.#peak(reference),
        String(ours.length),
      ]),
    );
  }

  #cases(results: readonly Result[]): string {
    // User-mode Linux takes the kernel's work for the program's.
    const split = this.kernel !== "uml";
    return [...new Set(results.map(({ group }) => group))]
      .map((group) =>
        this.#table(
          group,
          ["case", "ours s", "ipvsadm s", "ratio", "target", "of best", "spread of ours", "of ipvsadm", ...(split ? ["ours: user + kernel", "of ipvsadm"] : []), "peak KiB", "of ipvsadm", "n"],
          results
            .filter((result) => result.group === group)
            .map(({ name, ours, reference, target }) => [
              name,
              time(ours),
              time(reference),
              plain(ratio(ours, reference)),
              this.#target(ratio(ours, reference), target),
              best(ours, reference),
              spread(ours),
              spread(reference),
              ...(split ? [share(ours), reference.length === 0 ? "-" : share(reference)] : []),
              this.#peak(ours),
              this.#peak(reference),
              `${ours.length}/${reference.length}`,
            ]),
        ),
      )
      .join("\n\n");
  }

  /** Both curves, in seconds, and how much a step to the next size multiplies the time. */
  #growth(results: readonly Result[]): string {
    const lines = [...new Set(results.map(({ point }) => point?.lines ?? 0))].sort((a, b) => a - b);
    if (lines.length < 2) return "";
    const curves = [...new Set(results.map(({ point }) => point?.curve ?? ""))];
    const rows = curves.flatMap((curve) => {
      const at = lines.map((count) => results.find(({ point }) => point?.curve === curve && point.lines === count));
      const row = (side: "ours" | "reference"): string[] =>
        at.map((result, index) => {
          const before = at[index - 1];
          if (result === undefined) return "-";
          const step = before === undefined ? "" : `  x${(median(result[side]) / median(before[side])).toFixed(1)}`;
          return time(result[side]) + step;
        });
      return [
        [curve, "ours", ...row("ours")],
        ["", "ipvsadm", ...row("reference")],
        ["", "ratio", ...at.map((result) => (result === undefined ? "-" : plain(ratio(result.ours, result.reference))))],
      ];
    });
    return this.#table("growth: median seconds by lines, and times what the size before took", ["", "", ...lines.map((count) => count.toLocaleString("en-US"))], rows);
  }

  #target(found: number, target: number | undefined): string {
    if (target === undefined) return "";
    const words = `<= ${target.toFixed(2)}`;
    return found <= target ? this.chalk.green(`${words} met`) : this.chalk.yellow(`${words} missed`);
  }

  #table(title: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
    const table = new Table({
      head: [...head],
      colAligns: head.map((_, index) => (index === 0 ? "left" : "right")),
      style: { head: [], border: [], compact: true, "padding-left": 0, "padding-right": 0 },
      chars: {
        top: "", "top-mid": "", "top-left": "", "top-right": "",
        bottom: "", "bottom-mid": "", "bottom-left": "", "bottom-right": "",
        left: "", "left-mid": "", right: "", "right-mid": "",
        mid: "-", "mid-mid": "  ", middle: "  ",
      },
    });
    table.push(...rows.map((row) => [...row]));
    return `${this.chalk.bold(title)}\n${table.toString()}`;
  }
}
