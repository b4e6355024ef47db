/** Measures programs in turn: A B C A B C. */
import { readFileSync } from "node:fs";
import type { Measurer } from "./measurer";
import { type MemoryTarget, type Options, type Program, programsOf, type Result, type Sample, type Samples, type Target } from "./result";

export interface Run {
  readonly words: readonly string[];
  /** The file that standard input comes from. */
  readonly input?: string;
}

export interface Comparison {
  readonly group: string;
  readonly name: string;
  /** Those that are left out. */
  readonly without?: readonly Program[];
  /** Asked anew for every run, with its number. */
  run(program: Program, run: number): Run;
  /** Brings the kernel where the next run starts from. */
  before?(): Promise<void>;
  /** Throws where the run did not do its work. */
  after?(output: string, program: Program): void;
  /** Whether all print the same bytes. */
  readonly sameOutput?: boolean;
  readonly runs: number;
  /** Takes so long that fewer runs have to do. */
  readonly heavy?: boolean;
  readonly targets?: readonly Target[];
  readonly point?: Result["point"];
  readonly memory?: MemoryTarget;
}

/** Measured in one go, round by round. */
export interface Round {
  readonly comparisons: readonly Comparison[];
  /** Empty programs, for comparisons of what starting costs; in turn with them. */
  readonly empty?: Comparison;
  /** Asked for before every run. */
  readonly measurer: () => Measurer;
  /** Once, before all runs. */
  readonly prepare?: () => Promise<void>;
  readonly cleanUp?: () => Promise<void>;
}

/** A side of a heavy case that has taken this many seconds is not run again. */
const ENOUGH = 10;
const QUICK_RUNS = 3;

/** What one program did in one comparison. */
class Side {
  readonly samples: Sample[] = [];
  output: string | undefined;
  #runs = 0;

  constructor(
    readonly program: Program,
    private readonly comparison: Comparison,
  ) {}

  goesOn(options: Options): boolean {
    const { samples } = this;
    const { runs, heavy = false } = this.comparison;
    if (samples.length === 0) return true;
    if (options.runs !== undefined) return samples.length < options.runs;
    if (options.quick) return !heavy && samples.length < Math.min(runs, QUICK_RUNS);
    return samples.length < runs && !(heavy && total(samples) >= ENOUGH);
  }

  async turn(measurer: () => Measurer, keep: boolean): Promise<void> {
    const { comparison } = this;
    await comparison.before?.();
    const { words, input } = comparison.run(this.program, this.#runs++);
    const measuring = measurer();
    const sample = await measuring.run(words, input);
    if (keep) this.samples.push(sample);
    if (comparison.after === undefined && comparison.sameOutput !== true) return;
    this.output = readFileSync(measuring.output, "latin1");
    comparison.after?.(this.output, this.program);
  }
}

const total = (samples: readonly Sample[]): number => samples.reduce((sum, { seconds }) => sum + seconds, 0);

export async function measure(round: Round, options: Options): Promise<Result[]> {
  const sidesOf = (comparison: Comparison): Side[] => programsOf(options)
      .filter((program) => !comparison.without?.includes(program))
      .map((program) => new Side(program, comparison));
  const compared = [...round.comparisons, ...(round.empty === undefined ? [] : [round.empty])].map((comparison) => ({
    comparison,
    sides: sidesOf(comparison),
  }));

  const goRound = async (keep: boolean): Promise<boolean> => {
    let went = false;
    for (const { comparison, sides } of compared) {
      for (const side of sides.filter((each) => each.goesOn(options))) {
        await side.turn(round.measurer, keep);
        went = true;
      }
      if (comparison.sameOutput === true) expectSame(sides);
    }
    return went;
  };

  await round.prepare?.();
  // A first reading of every file from the disk is nobody's merit.
  if (round.empty !== undefined) await goRound(false);
  while (await goRound(true));

  const samplesOf = (sides: readonly Side[]): Samples => Object.fromEntries(sides.map(({ program, samples }) => [program, samples]));
  const empty = compared.find(({ comparison }) => comparison === round.empty);
  return compared.map(({ comparison: { group, name, targets = [], point, memory }, sides }) => ({
    group,
    name,
    samples: samplesOf(sides),
    ...(empty === undefined || sides === empty.sides ? {} : { empty: samplesOf(empty.sides) }),
    targets,
    ...(point === undefined ? {} : { point }),
    ...(memory === undefined ? {} : { memory }),
  }));
}

function expectSame([first, ...others]: readonly Side[]): void {
  for (const other of others) {
    if (first === undefined || first.output === other.output) continue;
    throw new Error(`${first.program} and ${other.program} print different tables: ${firstDifference(first.output, other.output)}`);
  }
}

function firstDifference(one = "", another = ""): string {
  const lines = one.split("\n");
  const others = another.split("\n");
  const at = lines.findIndex((line, index) => line !== others[index]);
  return `${lines.length} and ${others.length} lines, at ${at + 1} ${JSON.stringify(lines[at])} and ${JSON.stringify(others[at])}`;
}
