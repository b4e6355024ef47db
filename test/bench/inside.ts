/** The benchmark's part inside the lab: measures, and reports each case as a line of JSON. */
import { execFileSync } from "node:child_process";
import { availableParallelism, release } from "node:os";
import { cases, OURS, REFERENCE } from "./cases";
import { measure } from "./comparison";
import { Measurer } from "./measurer";
import { KERNELS, type Options, type Report } from "./result";
import { KernelTable } from "./tables";

const report = (what: Report): void => void process.stdout.write(`${JSON.stringify(what)}\n`);
const printed = (program: string, ...words: string[]): string => execFileSync(program, words, { encoding: "utf8" }).trim();

async function main(options: Options): Promise<void> {
  const kernel = KERNELS.find((name) => name === process.env["LAB_KERNEL"]);
  if (kernel === undefined) throw new Error("this runs inside the lab: npm run bench");
  // ip_vs_wlc and IPv6 too: what a run would load is loaded before it.
  for (const module of ["ipv6", "ip_vs", "ip_vs_wlc"]) execFileSync("modprobe", ["-q", module]);
  const start = performance.now();
  const progress = (text: string): void =>
    void process.stderr.write(`bench: ${kernel}: ${String(Math.round((performance.now() - start) / 1000)).padStart(4)} s: ${text}\n`);

  const measurer = new Measurer();
  const processors = availableParallelism();
  report({
    about: [
      `Linux ${release()}, ${processors} processor${processors === 1 ? "" : "s"}`,
      `Node ${process.version}`,
      `ours: ${OURS} (${printed(OURS, "-v").split(" (")[0]})`,
      `theirs: ${REFERENCE} (${printed(REFERENCE, "-v").split(" (")[0]})`,
    ].join("\n"),
    floor: (await measurer.run(["/bin/true"])).peak,
  });

  const table = await KernelTable.open();
  for (const round of cases(kernel, table, measurer)) {
    const names = round.comparisons.map(({ group, name }) => ({ group, name }));
    const { only } = options;
    const wanted = only === undefined || names.some(({ group, name }) => `${group}: ${name}`.includes(only));
    const why = round.comparisons.find(({ missing }) => missing !== undefined)?.missing;
    const [{ group, name } = { group: "", name: "" }] = names;
    if (wanted && why !== undefined) {
      progress(`${group}: ${name}: skipped, ${why}`);
      report({ group, name, failed: false, why });
    } else if (wanted) {
      progress(`${group}: ${names.map((each) => each.name).join("; ")}`);
      try {
        for (const result of await measure(round, kernel, options)) report(result);
      } catch (error) {
        const said = error instanceof Error ? error.message : String(error);
        progress(`${group}: FAILED: ${said}`);
        report({ group, name, failed: true, why: said });
        table.forget();
      }
    }
    await round.cleanUp?.();
  }
  table.close();
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
