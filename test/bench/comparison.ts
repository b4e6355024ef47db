/** Measures two programs in turn: A B A B. */
import { readFileSync } from "node:fs";
import type { Measurer } from "./measurer";
import type { Kernel, Options, Result, Sample } from "./result";

export interface Run {
  readonly words: readonly string[];
  /** The file that standard input comes from. */
  readonly input?: string;
}

export interface Comparison {
  readonly group: string;
  readonly name: string;
  /** Asked anew for every run, with its number. */
  ours(run: number): Run;
  /** Left out where only our own figures are wanted. */
  reference?(run: number): Run;
  /** Brings the kernel where the next run starts from. */
  before?(): Promise<void>;
  /** Throws where the run did not do its work. */
  after?(output: string): void;
  /** Whether both print the same bytes. */
  readonly sameOutput?: boolean;
  readonly runs: number;
  /** Takes so long that fewer runs have to do. */
  readonly heavy?: boolean;
  readonly targets?: Readonly<Partial<Record<Kernel, number>>>;
  readonly point?: Result["point"];
  /** Why it cannot be measured. */
  readonly missing?: string;
}

/** Measured in one go, round by round: comparisons, and `node -e 0` beside them. */
export interface Round {
  readonly comparisons: readonly Comparison[];
  /** Asked for before every run. */
  readonly measurer: () => Measurer;
  /** Once, before all runs. */
  readonly prepare?: () => Promise<void>;
  readonly withNode?: boolean;
  readonly cleanUp?: () => Promise<void>;
}

/** A side of a heavy case that has taken this many seconds is not run again. */
const ENOUGH = 10;
const QUICK_RUNS = 3;

const side = () => ({ samples: [] as Sample[], runs: 0, output: undefined as string | undefined });
type Side = ReturnType<typeof side>;

const total = (samples: readonly Sample[]): number => samples.reduce((sum, { seconds }) => sum + seconds, 0);

function goesOn({ samples }: Side, { runs, heavy = false }: Pick<Comparison, "runs" | "heavy">, options: Options): boolean {
  if (samples.length === 0) return true;
  if (options.runs !== undefined) return samples.length < options.runs;
  if (options.quick) return !heavy && samples.length < Math.min(runs, QUICK_RUNS);
  return samples.length < runs && !(heavy && total(samples) >= ENOUGH);
}

export async function measure(round: Round, kernel: Kernel, options: Options): Promise<Result[]> {
  const node = side();
  const sides = round.comparisons.map((comparison) => ({ comparison, ours: side(), reference: side() }));

  const turn = async (comparison: Comparison, of: Side, run: Run, keep: boolean): Promise<void> => {
    await comparison.before?.();
    const measurer = round.measurer();
    const sample = await measurer.run(run.words, run.input);
    if (keep) of.samples.push(sample);
    of.runs++;
    if (comparison.after === undefined && comparison.sameOutput !== true) return;
    const output = readFileSync(measurer.output, "latin1");
    comparison.after?.(output);
    of.output = output;
  };
  const goRound = async (keep: boolean): Promise<boolean> => {
    let went = false;
    for (const { comparison, ours, reference } of sides) {
      if (goesOn(ours, comparison, options)) {
        await turn(comparison, ours, comparison.ours(ours.runs), keep);
        went = true;
      }
      if (comparison.reference !== undefined && goesOn(reference, comparison, options)) {
        await turn(comparison, reference, comparison.reference(reference.runs), keep);
        went = true;
      }
      if (comparison.sameOutput === true && ours.output !== reference.output) {
        throw new Error(`the two print different tables: ${firstDifference(ours.output, reference.output)}`);
      }
    }
    const [first] = round.comparisons;
    if (round.withNode === true && first !== undefined && goesOn(node, first, options)) {
      const sample = await round.measurer().run([process.execPath, "-e", "0"]);
      if (keep) node.samples.push(sample);
    }
    return went;
  };

  await round.prepare?.();
  // A first reading of every file from the disk is nobody's merit.
  if (round.withNode === true) await goRound(false);
  while (await goRound(true));

  return sides.map(({ comparison: { group, name, targets, point }, ours, reference }) => ({
    group,
    name,
    ours: ours.samples,
    reference: reference.samples,
    ...(round.withNode === true ? { node: node.samples } : {}),
    ...(targets?.[kernel] === undefined ? {} : { target: targets[kernel] }),
    ...(point === undefined ? {} : { point }),
  }));
}

function firstDifference(ours = "", reference = ""): string {
  const lines = ours.split("\n");
  const others = reference.split("\n");
  const at = lines.findIndex((line, index) => line !== others[index]);
  return `${lines.length} and ${others.length} lines, at ${at + 1} ${JSON.stringify(lines[at])} and ${JSON.stringify(others[at])}`;
}
