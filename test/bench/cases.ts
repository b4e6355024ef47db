/** What is measured, in the order in which it is: the heavy cases last. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SYNC_DAEMON } from "../differential/suites/connections";
import { PROGRAMS } from "../lab/programs";
import type { Comparison, Round, Run } from "./comparison";
import { FreshNamespace } from "./fresh-namespace";
import { Measurer } from "./measurer";
import type { Kernel } from "./result";
import { expectTable, type KernelTable, LINES_A_SERVICE, rules, type Shape, serviceWord, shape } from "./tables";

export const OURS = join(PROGRAMS, "ipvsadm");
const OUR_RESTORE = join(PROGRAMS, "ipvsadm-restore");
export const REFERENCE = "/sbin/ipvsadm";
const REFERENCE_RESTORE = "/sbin/ipvsadm-restore";

/** The same done by both. */
type Programs = Pick<Comparison, "name" | "ours" | "reference">;

const count = (number: number): string => number.toLocaleString("en-US");
const ours = (...words: string[]) => (): Run => ({ words: [OURS, ...words] });
const reference = (...words: string[]) => (): Run => ({ words: [REFERENCE, ...words] });

export function cases(kernel: Kernel, table: KernelTable, measurer: Measurer): Round[] {
  const alone = (comparison: Comparison): Round => ({ comparisons: [comparison], measurer: () => measurer });
  const folder = mkdtempSync(join(tmpdir(), "bench-rules-"));
  const rulesFile = (wanted: Shape): string => {
    const path = join(folder, `${wanted.services}-${wanted.lastWeight}`);
    if (!existsSync(path)) writeFileSync(path, rules(wanted));
    return path;
  };

  const listing = (group: string, services: number, words: string[], more: Partial<Comparison>, of = ""): Round =>
    alone({
      group,
      name: `${words.join(" ")}${of}`,
      ours: ours(...words),
      reference: reference(...words),
      before: () => table.become(shape(services)),
      sameOutput: true,
      runs: 5,
      ...more,
    });

  const loading = (group: string, services: number, programs: Programs, more: Partial<Comparison>): Round => {
    const fresh = new FreshNamespace();
    return {
      comparisons: [
        {
          group,
          ...programs,
          before: async () => {
            // All namespaces share the kernel's hash table.
            await table.become(shape(0));
            await fresh.renew();
          },
          after: () => void expectTable(shape(services), fresh.proc),
          runs: 5,
          heavy: true,
          ...more,
        },
      ],
      measurer: () => fresh.measurer,
      cleanUp: () => fresh.remove(),
    };
  };
  const commands = (services: number): Programs => {
    const input = rulesFile(shape(services));
    return {
      name: "-R, into an empty table",
      ours: () => ({ words: [OURS, "-R"], input }),
      reference: () => ({ words: [REFERENCE, "-R"], input }),
    };
  };
  const noRestore = existsSync(OUR_RESTORE) ? {} : { missing: `there is no ${OUR_RESTORE} yet` };
  const restoring = (services: number): Programs => {
    const input = rulesFile(shape(services));
    return {
      name: "ipvsadm-restore, into an empty table",
      ours: () => ({ words: [OUR_RESTORE], input }),
      reference: () => ({ words: [REFERENCE_RESTORE], input }),
    };
  };

  const growing = (services: number, lines: number): Round[] => {
    const group = "growth";
    const of = `: ${count(lines)} lines`;
    const named = (programs: Programs): Programs => ({ ...programs, name: programs.name + of });
    const point = (curve: string): Pick<Comparison, "point"> => ({ point: { curve, lines } });
    return [
      loading(group, services, named(commands(services)), point("-R")),
      loading(group, services, named(restoring(services)), { ...point("ipvsadm-restore"), ...noRestore }),
      listing(group, services, ["-Ln"], { heavy: true, ...point("-Ln") }, of),
    ];
  };

  const many = (services: number): Round[] => {
    const lines = services * LINES_A_SERVICE;
    const group = `${count(services)} services, ${count(lines)} lines`;
    const point = (curve: string): Pick<Comparison, "point"> => ({ point: { curve, lines } });
    return [
      loading(group, services, commands(services), { targets: { uml: 0.25, qemu: 0.8 }, ...point("-R") }),
      loading(group, services, restoring(services), { targets: { uml: 0.25, qemu: 0.8 }, ...point("ipvsadm-restore"), ...noRestore }),
      listing(group, services, ["-Ln"], { heavy: true, targets: { uml: 0.6, qemu: 1.0 }, ...point("-Ln") }),
      listing(group, services, ["-Sn"], { heavy: true, targets: { uml: 0.8, qemu: 1.2 } }),
      listing(group, services, ["-Ln", "--stats"], { heavy: true, targets: { uml: 1.0, qemu: 1.5 } }),
      alone({ ...changingOne(group, services), ...noRestore }),
    ];
  };

  /** Every run restores a table that differs from the kernel's in one server's weight. */
  const changingOne = (group: string, services: number): Comparison => {
    let present = shape(services);
    const other = (): Shape => shape(services, present.lastWeight === 1 ? 2 : 1);
    return {
      group,
      name: "a restore that changes 1 server (ipvsadm: -C and -R)",
      ours: () => ({ words: [OUR_RESTORE], input: rulesFile(other()) }),
      reference: () => ({ words: ["/bin/sh", "-c", `${REFERENCE} -C && exec ${REFERENCE} -R`], input: rulesFile(other()) }),
      before: async () => {
        await table.become(present);
        table.forget();
      },
      after: () => {
        present = other();
        table.expect(present);
      },
      runs: 5,
      heavy: true,
      targets: { uml: 0.5, qemu: 0.8 },
    };
  };

  return [
    startUp(measurer, table),
    listing("5,000 services, 15,000 lines", 5000, ["-Ln"], { targets: { uml: 1.0 } }),
    ...connections(kernel, table),
    ...growing(333, 1000),
    ...growing(1000, 3000),
    ...growing(3333, 10_000),
    ...many(10_000),
  ];
}

const SMALL = 5;

/** One change or a small table a process: what starting costs. */
function startUp(measurer: Measurer, table: KernelTable): Round {
  const service = serviceWord(0);
  const server = (run: number, program: number): string => `172.${20 + program}.${run >> 8}.${run & 255}:80`;
  const of = (
    name: string,
    words: (run: number, program: number) => string[],
    more: Partial<Comparison> = {},
  ): Comparison => ({
    group: "start-up",
    name,
    ours: (run) => ({ words: [OURS, ...words(run, 0)] }),
    reference: (run) => ({ words: [REFERENCE, ...words(run, 1)] }),
    runs: 20,
    targets: { uml: 1.15, qemu: 1.15 },
    ...more,
  });
  return {
    comparisons: [
      of("-a of a new server", (run, program) => ["-a", "-t", service, "-r", server(run, program), "-m"]),
      of("-e of a server", (run, program) => ["-e", "-t", service, "-r", server(0, program), "-m", "-w", String(2 + run)]),
      of(`-Ln of ${SMALL} services`, () => ["-Ln"], { sameOutput: true }),
      of("-v", () => ["-v"]),
    ],
    measurer: () => measurer,
    prepare: async () => {
      await table.become(shape(SMALL));
      table.forget();
    },
    withNode: true,
  };
}

/** How many connections may get lost on their way into the table. */
const LOSS = 0.01;
const NAMESPACE = "connections";

/**
 * The connection table, in a namespace of its own, filled up further for each
 * case: the kernel keeps one table for all namespaces, and forgets the
 * connections with the namespace.
 */
function connections(kernel: Kernel, table: KernelTable): Round[] {
  let measurer: Measurer | undefined;
  let filled = 0;
  const inside = (...words: string[]): void =>
    void execFileSync("nsenter", [`--net=/run/netns/${NAMESPACE}`, ...words], { stdio: ["ignore", "ignore", "inherit"] });
  const fill = (to: number): void => {
    if (measurer === undefined) {
      execFileSync("ip", ["netns", "add", NAMESPACE]);
      inside("ip", "link", "set", "lo", "up", "multicast", "on");
      inside("ip", "route", "add", "224.0.0.0/4", "dev", "lo");
      inside(REFERENCE, ...SYNC_DAEMON);
      measurer = new Measurer(NAMESPACE);
    }
    inside(process.execPath, join(__dirname, "fill-connections.cjs"), String(filled), String(to));
    filled = to;
  };
  const started = (): Measurer => {
    if (measurer === undefined) throw new Error("the namespace of the connections is not there");
    return measurer;
  };

  const of = (entries: number, more: Partial<Comparison>): Round => {
    const HEADING = 2;
    let lines: number | undefined;
    return {
      comparisons: [
        {
          group: "connections",
          name: `-Lnc of ${count(entries)} entries`,
          ours: ours("-Lnc"),
          reference: reference("-Lnc"),
          after: (output) => {
            const found = output.split("\n").length - 1 - HEADING;
            if (found < entries * (1 - LOSS)) throw new Error(`only ${found} of ${entries} connections are listed`);
            if (found !== (lines ??= found)) throw new Error(`${found} connections are listed, and ${lines} were before`);
          },
          runs: 5,
          heavy: true,
          ...more,
        },
      ],
      measurer: () => {
        fill(entries);
        return started();
      },
      prepare: () => table.become(shape(0)),
    };
  };
  const FEW = 10_000;
  const MANY = 60_000;
  const rounds =
    kernel === "qemu"
      ? [of(FEW, {}), of(MANY, { targets: { qemu: 0.35 } })]
      : // Under user-mode Linux ipvsadm would take minutes for the many.
        [of(FEW, {}), of(20_000, {}), oursOnly(of(MANY, {}))];
  return [
    ...rounds.slice(0, -1),
    ...rounds.slice(-1).map((round) => ({
      ...round,
      cleanUp: async () => {
        if (measurer === undefined) return;
        measurer.close();
        execFileSync("ip", ["netns", "del", NAMESPACE]);
      },
    })),
  ];
}

const oursOnly = (round: Round): Round => ({
  ...round,
  comparisons: round.comparisons.map(({ reference: _reference, ...comparison }) => comparison),
});
