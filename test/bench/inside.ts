/** The benchmark's part where the programs run: measures, and reports each case as a line of JSON. */
import { execFileSync } from "node:child_process";
import { availableParallelism, release } from "node:os";
import { loadIpv6 } from "../lab/ipv6";
import { inTheLab, onTheMachine } from "./cases";
import { measure } from "./comparison";
import { Measurer } from "./measurer";
import { path } from "./programs";
import { isWanted, KERNELS, type Options, PROGRAM_NAMES, programsOf, type Report } from "./result";
import { KernelTable } from "./tables";

const report = (what: Report): void => void process.stdout.write(`${JSON.stringify(what)}\n`);
const printed = (program: string, ...words: string[]): string => execFileSync(program, words, { encoding: "utf8" }).trim();

/** The kernel's table, in the lab: nothing touches that of the machine itself. */
async function openTable(): Promise<KernelTable> {
  // Schedulers and IPv6 too: what a run would load is loaded before it.
  loadIpv6();
  for (const module of ["ip_vs", "ip_vs_wlc", "ip_vs_wrr", "ip_vs_rr"]) execFileSync("modprobe", ["-q", module]);
  return KernelTable.open();
}

async function main(options: Options): Promise<void> {
  const { LAB_KERNEL: here = "machine" } = process.env;
  const kernel = KERNELS.find((name) => name === here);
  if (kernel === undefined) throw new Error(`nothing is measured in the kernel ${here}`);
  const start = performance.now();
  const progress = (text: string): void =>
    void process.stderr.write(`bench: ${kernel}: ${String(Math.round((performance.now() - start) / 1000)).padStart(4)} s: ${text}\n`);

  const table = kernel === "machine" ? undefined : await openTable();
  const measurer = new Measurer();
  const processors = availableParallelism();
  const programs = programsOf(options).filter((program) => table !== undefined || program !== "ipvsadm");
  report({
    about: [
      `Linux ${release()}, ${processors} processor${processors === 1 ? "" : "s"}`,
      `Node ${process.version}`,
      ...programs.map((program) => `${PROGRAM_NAMES[program]}: ${path(program)} (${printed(path(program), "-v").split(" (")[0]})`),
    ].join("\n"),
    floor: (await measurer.run(["/bin/true"])).peak,
  });

  for (const round of table === undefined ? onTheMachine(measurer) : inTheLab(kernel, table, measurer)) {
    const { comparisons } = round;
    const group = comparisons[0]?.group ?? "";
    const name = comparisons.map((comparison) => comparison.name).join("; ");
    if (comparisons.some((comparison) => isWanted(options, comparison))) {
      progress(`${group}: ${name}`);
      try {
        for (const result of await measure(round, options)) report(result);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        progress(`${group}: FAILED: ${why}`);
        report({ group, name, why });
        table?.forget();
      }
    }
    await round.cleanUp?.();
  }
  table?.close();
  measurer.close();
  progress("done");
}

main(JSON.parse(process.argv[2] ?? "{}") as Options).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
