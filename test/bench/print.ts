/** Results as tables that also read without colour. */
import Table from "cli-table3";
import type { ChalkInstance } from "chalk";
import { type Base, BASES, type Failure, type Kernel, median, type Program, PROGRAM_NAMES, PROGRAMS, type Result, type Sample } from "./result";
import type { Size } from "./sizes";

type Some = readonly Sample[];

const seconds = (value: number): string => (value < 0.995 ? value.toFixed(3) : value.toFixed(2));
const millions = (value: number): string => (value * 1e3).toFixed(2);

/** What a run's seconds are shown in. */
interface Unit {
  readonly short: string;
  readonly long: string;
  show(seconds: number): string;
}
const unitOf = (kernel: Kernel): Unit =>
  kernel === "counted"
    ? { short: "M instructions", long: "million instructions", show: millions }
    : { short: "s", long: "seconds", show: seconds };

/** User-mode Linux takes the kernel's work for the program's; where instructions are counted, its ticks are too coarse. */
const WITHOUT_SHARES: ReadonlySet<Kernel> = new Set(["uml", "uml7", "counted"]);

const time = (samples: Some, { show }: Unit): string => (samples.length === 0 ? "-" : show(median(samples)));
const spread = (samples: Some, { show }: Unit): string => {
  const all = samples.map((sample) => sample.seconds);
  return all.length < 2 ? "-" : `${show(Math.min(...all))} - ${show(Math.max(...all))}`;
};
const share = (samples: Some): string => `${seconds(median(samples, "user"))} + ${seconds(median(samples, "kernel"))}`;
const ratio = (samples: Some, over: Some): number => median(samples) / median(over);
/** Of the fastest runs: what other work on the machine disturbs least. */
const best = (samples: Some, over: Some): number => {
  const least = (all: Some): number => Math.min(...all.map((sample) => sample.seconds));
  return least(samples) / least(over);
};
/** The most that any of the runs took, in KiB. */
const peak = (samples: Some): number => Math.max(...samples.map((sample) => sample.peak));
const plain = (value: number): string => (Number.isNaN(value) ? "-" : value.toFixed(2));

/** One program in one case. */
interface Row {
  readonly result: Result;
  readonly program: Program;
  readonly samples: Some;
}
const rowsOf = (result: Result): Row[] =>
  PROGRAMS.flatMap((program) => {
    const samples = result.samples[program];
    return samples === undefined ? [] : [{ result, program, samples }];
  });

/** What a row is held against. */
const AGAINST: Readonly<Record<Base, { readonly head: string; of(row: Row): Some | undefined }>> = {
  empty: { head: "over empty", of: ({ result, program }) => result.empty?.[program] },
  ipvsadm: { head: "over ipvsadm", of: ({ result, program }) => (program === "ipvsadm" ? undefined : result.samples.ipvsadm) },
  other: { head: "over the other", of: ({ result, program }) => (program === "executable" || program === "node" ? result.samples[`other-${program}`] : undefined) },
};

interface Column {
  readonly head: string;
  readonly left?: boolean;
  cell(row: Row): string;
}

export class Printer {
  readonly #columns: readonly Column[];
  readonly #unit: Unit;
  #results: readonly Result[] = [];

  constructor(
    private readonly chalk: ChalkInstance,
    private readonly kernel: Kernel,
    /** Peak memory up to here is not told apart. */
    floor: number,
  ) {
    const unit = (this.#unit = unitOf(kernel));
    this.#columns = [
      { head: "case", left: true, cell: ({ result, program }) => (program === PROGRAMS[0] ? result.name : "") },
      { head: "program", left: true, cell: ({ program }) => PROGRAM_NAMES[program] },
      { head: unit.short, cell: ({ samples }) => time(samples, unit) },
      ...BASES.flatMap((base) => this.#against(base)),
      { head: "spread", cell: ({ samples }) => spread(samples, unit) },
      { head: "user + kernel", cell: ({ samples }) => (WITHOUT_SHARES.has(kernel) ? "" : share(samples)) },
      {
        head: "peak KiB",
        cell: ({ samples }) => {
          const most = peak(samples);
          return `${most <= floor ? "<= " : ""}${most.toLocaleString("en-US")}`;
        },
      },
      { head: "peak over", cell: (row) => this.#memory(row) },
      { head: "n", cell: ({ samples }) => String(samples.length) },
    ];
  }

  /** All that was found out on one kernel. */
  tables(results: readonly Result[], failures: readonly Failure[]): string {
    this.#results = results;
    const groups = [...new Set(results.map(({ group }) => group))];
    const parts = [
      ...groups.map((group) => this.#group(group, results.filter((result) => result.group === group).flatMap(rowsOf))),
      this.#growth(results.filter(({ point }) => point !== undefined)),
      ...failures.map(({ group, name, why }) => this.chalk.red(`FAILED: ${group}: ${name}: ${why}`)),
    ];
    return parts.filter((part) => part !== "").join("\n\n");
  }

  #against(base: Base): Column[] {
    const { head, of } = AGAINST[base];
    const figure = (find: (samples: Some, over: Some) => number) => (row: Row) => {
      const over = of(row);
      return over === undefined ? undefined : find(row.samples, over);
    };
    const shown = (found: number | undefined): string => (found === undefined ? "" : plain(found));
    const ofMedians = figure(ratio);
    const ofBest = figure(best);
    return [
      { head, cell: (row) => shown(ofMedians(row)) },
      { head: "target", cell: (row) => this.#target(ofMedians(row), row, base) },
      { head: "of best", cell: (row) => shown(ofBest(row)) },
    ];
  }

  #target(found: number | undefined, { result, program }: Row, base: Base): string {
    const most = result.targets.find(({ of, over }) => of === program && over === base)?.most[this.kernel];
    return found === undefined || most === undefined ? "" : this.#judged(found, most);
  }

  #judged(found: number, most: number): string {
    const words = `<= ${most.toFixed(2)}`;
    return found <= most ? this.chalk.green(`${words} met`) : this.chalk.yellow(`${words} missed`);
  }

  #memory({ result: { group, memory }, program, samples }: Row): string {
    const smaller = this.#results.find((other) => other.group === group && other.name === memory?.over)?.samples[program];
    if (memory === undefined || smaller === undefined || program === "ipvsadm") return "";
    const found = peak(samples) / peak(smaller);
    return `${plain(found)} of ${memory.over}, ${this.#judged(found, memory.most)}`;
  }

  /** Without the columns that have nothing to say of its cases. */
  #group(group: string, rows: readonly Row[]): string {
    const columns = this.#columns.filter(({ cell }) => rows.some((row) => cell(row) !== ""));
    return table(
      this.chalk,
      group,
      columns,
      rows.map((row) => columns.map(({ cell }) => cell(row))),
    );
  }

  /** The curves, and how much a step to the next size multiplies the time. */
  #growth(results: readonly Result[]): string {
    const lines = [...new Set(results.map(({ point }) => point?.lines ?? 0))].sort((a, b) => a - b);
    if (lines.length < 2) return "";
    const curves = [...new Set(results.map(({ point }) => point?.curve ?? ""))];
    const rows = curves.flatMap((curve) => {
      const at = (count: number, program: Program): Some =>
        results.find(({ point }) => point?.curve === curve && point.lines === count)?.samples[program] ?? [];
      return PROGRAMS.filter((program) => results.some(({ samples }) => samples[program] !== undefined)).map((program, index) => [
        index === 0 ? curve : "",
        PROGRAM_NAMES[program],
        ...lines.flatMap((count, size) => {
          const samples = at(count, program);
          const before = lines[size - 1];
          const step = before === undefined ? "" : `  x${plain(ratio(samples, at(before, program)))}`;
          return [
            time(samples, this.#unit) + step,
            program === "ipvsadm" ? "" : plain(ratio(samples, at(count, "ipvsadm"))),
          ];
        }),
      ]);
    });
    return table(
      this.chalk,
      `growth: median ${this.#unit.long} by lines, times what the size before took, and over ipvsadm's`,
      [
        { head: "", left: true },
        { head: "", left: true },
        ...lines.flatMap((count) => [{ head: count.toLocaleString("en-US") }, { head: "ratio" }]),
      ],
      rows,
    );
  }
}

export const sizesTable = (chalk: ChalkInstance, sizes: readonly Size[]): string =>
  table(
    chalk,
    "sizes",
    [{ head: "", left: true }, { head: "KiB" }],
    sizes.map(({ name, bytes }) => [name, Math.round(bytes / 1024).toLocaleString("en-US")]),
  );

function table(chalk: ChalkInstance, title: string, columns: readonly Pick<Column, "head" | "left">[], rows: readonly (readonly string[])[]): string {
  const lines = new Table({
    head: columns.map(({ head }) => head),
    colAligns: columns.map(({ left = false }) => (left ? "left" : "right")),
    style: { head: [], border: [], compact: true, "padding-left": 0, "padding-right": 0 },
    chars: {
      top: "", "top-mid": "", "top-left": "", "top-right": "",
      bottom: "", "bottom-mid": "", "bottom-left": "", "bottom-right": "",
      left: "", "left-mid": "", right: "", "right-mid": "",
      mid: "-", "mid-mid": "  ", middle: "  ",
    },
  });
  lines.push(...rows.map((row) => [...row]));
  return `${chalk.bold(title)}\n${lines.toString()}`;
}
