/**
 * npm run bench: both builds of ours and Debian's ipvsadm in turn, on the
 * machine itself and in each of the lab's kernels. Says what was found and
 * judges nothing: its status tells whether the programs did their work, never
 * how fast.
 */
import { spawn } from "node:child_process";
import { loadavg } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { Chalk, type ChalkInstance } from "chalk";
import { Printer, sizesTable } from "./print";
import { type Failure, isWanted, type Kernel, KERNEL_NAMES, KERNELS, type Options, type Report, type Result } from "./result";
import { sizes } from "./sizes";

const USAGE = `usage: npm run bench -- [--kernel KERNEL] [--runs N] [--only NAME] [--quick] [--against DIR]
  --kernel  in which kernel: machine, this machine's own, where only -v is measured;
            uml, qemu, uml7 or qemu7, the lab's; both, uml and qemu; all of these,
            one after the other; or counted, under QEMU, in instructions instead of
            seconds: for short cases
  --runs    how often each program runs (by itself: 20 for start-up, 5 otherwise,
            fewer where one run takes long)
  --only    only the cases whose group and name contain NAME, as in "30,000 lines: -Ln"
  --quick   3 runs, 1 of the heavy cases
  --against the programs of another clone run instead of ipvsadm: DIR is set up and
            built, as this clone is`;

const CHOICES: Readonly<Record<string, readonly Kernel[]>> = {
  ...Object.fromEntries(KERNELS.map((kernel) => [kernel, [kernel]])),
  both: ["uml", "qemu"],
  all: ["machine", "uml", "qemu", "uml7", "qemu7"],
};

/** Bundled, this file is in build/bench. */
const LAB = resolve(__dirname, "../../test/lab/run");
const AROUND: Readonly<Record<Kernel, readonly string[]>> = {
  machine: [],
  uml: [LAB, "--kernel", "uml", "--"],
  qemu: [LAB, "--kernel", "qemu", "--"],
  uml7: [LAB, "--kernel", "uml7", "--"],
  qemu7: [LAB, "--kernel", "qemu7", "--"],
  counted: [LAB, "--kernel", "qemu", "--count", "--timeout", "7200", "--"],
};

interface Request {
  readonly kernels: readonly Kernel[];
  readonly options: Options;
}

function parse(words: string[]): Request | undefined {
  const { values } = parseArgs({
    args: words,
    options: {
      kernel: { type: "string", default: "all" },
      runs: { type: "string" },
      only: { type: "string" },
      quick: { type: "boolean", default: false },
      against: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  const kernels = Object.hasOwn(CHOICES, values.kernel) ? CHOICES[values.kernel] : undefined;
  if (kernels === undefined) throw new Error(`no kernel is called '${values.kernel}': ${Object.keys(CHOICES).join(", ")}`);
  const runs = values.runs === undefined ? undefined : Number(values.runs);
  if (runs !== undefined && !(Number.isInteger(runs) && runs > 0)) throw new Error(`--runs '${values.runs}' is not a number of runs`);
  return { kernels, options: { runs, only: values.only, quick: values.quick, against: values.against } };
}

const load = (): string => loadavg().map((one) => one.toFixed(1)).join(" ");

/** Whether every case did its work. */
async function bench(kernel: Kernel, options: Options, chalk: ChalkInstance): Promise<boolean> {
  const results: Result[] = [];
  const failures: Failure[] = [];
  let about = "";
  let floor = 0;
  const loadBefore = load();
  const [program = "", ...words] = [...AROUND[kernel], process.execPath, join(__dirname, "inside.cjs"), JSON.stringify(options)];
  const inside = spawn(program, words, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<number | null>((resolve, reject) => inside.on("error", reject).on("close", resolve));
  for await (const line of createInterface(inside.stdout)) {
    const report = JSON.parse(line) as Report;
    if ("about" in report) ({ about, floor } = report);
    else if ("why" in report) failures.push(report);
    else results.push(report);
  }
  const status = await ended;
  console.log(`\n=== ${KERNEL_NAMES[kernel]}\n${about}\nload of the machine: ${loadBefore} before, ${load()} after\n`);
  console.log(new Printer(chalk, kernel, floor).tables(results, failures));
  if (status !== 0) console.log(`\nFAILED: it ended with status ${status}`);
  return status === 0 && failures.length === 0;
}

async function main(): Promise<number> {
  let request: Request | undefined;
  try {
    request = parse(process.argv.slice(2));
  } catch (error) {
    console.error(`bench: ${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    return 2;
  }
  if (request === undefined) {
    console.log(USAGE);
    return 0;
  }
  const coloured = process.stdout.isTTY && !process.env["NO_COLOR"];
  const chalk = new Chalk({ level: coloured ? 1 : 0 });
  let good = true;
  for (const kernel of request.kernels) good = (await bench(kernel, request.options, chalk)) && good;
  const found = sizes().filter(({ name }) => isWanted(request.options, { group: "sizes", name }));
  if (found.length > 0) console.log(`\n${sizesTable(chalk, found)}`);
  return good ? 0 : 1;
}

void main().then((status) => (process.exitCode = status));
