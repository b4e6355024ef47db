/** What is measured, in the order in which it is: the heavy cases last. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SYNC_DAEMON } from "../differential/suites/connections";
import type { Comparison, Round } from "./comparison";
import { FreshNamespace } from "./fresh-namespace";
import { Measurer } from "./measurer";
import { EMPTY, path } from "./programs";
import { type Kernel, OURS, type Program, PROGRAMS, type Target } from "./result";
import { expectTable, type KernelTable, LINES_A_SERVICE, rules, type Shape, serviceWord, shape } from "./tables";
import { TUTORIAL } from "./tutorial";

const count = (number: number): string => number.toLocaleString("en-US");
/** The same words for all. */
const words = (...same: string[]): Comparison["run"] => (program) => ({ words: [path(program), ...same] });

type Most = Target["most"];
const overIpvsadm = (of: Program, most: Most): Target => ({ of, over: "ipvsadm", most });
/** What another build of ours may have gained at most. */
const overOther = (most: Most): Target => ({ of: "node", over: "other", most });
const overEmpty = (of: Program, most: number): Target => ({ of, over: "empty", most: { machine: most, uml: most, qemu: most } });

/** The same done by all. */
type Doing = Pick<Comparison, "name" | "run">;

const alone = (comparison: Comparison, measurer: Measurer): Round => ({ comparisons: [comparison], measurer: () => measurer });

/** Without IPVS ipvsadm says nothing of itself. */
export const onTheMachine = (measurer: Measurer): Round[] => [starting([VERSION], ["ipvsadm"], measurer)];

export function inTheLab(kernel: Kernel, table: KernelTable, measurer: Measurer): Round[] {
  const folder = mkdtempSync(join(tmpdir(), "bench-rules-"));
  const file = (name: string, text: () => string): string => {
    const written = join(folder, name);
    if (!existsSync(written)) writeFileSync(written, text());
    return written;
  };
  const rulesFile = (wanted: Shape): string => file(`${wanted.services}-${wanted.lastWeight}`, () => rules(wanted));

  const listing = (group: string, present: Shape, view: string[], more: Partial<Comparison>, of = ""): Round =>
    alone(
      {
        group,
        name: `${view.join(" ")}${of}`,
        run: words(...view),
        before: () => table.become(present),
        sameOutput: true,
        runs: 5,
        ...more,
      },
      measurer,
    );

  const loading = (group: string, services: number, doing: Doing, more: Partial<Comparison>): Round => {
    const fresh = new FreshNamespace();
    return {
      comparisons: [
        {
          group,
          ...doing,
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
  const commands = (services: number): Doing => ({
    name: "-R, into an empty table",
    run: (program) => ({ words: [path(program), "-R"], input: rulesFile(shape(services)) }),
  });
  const restoring = (services: number): Doing => ({
    name: "ipvsadm-restore, into an empty table",
    run: (program) => ({ words: [path(program, "ipvsadm-restore")], input: rulesFile(shape(services)) }),
  });

  const growing = (services: number, lines: number): Round[] => {
    const group = "growth";
    const of = `: ${count(lines)} lines`;
    const named = (doing: Doing): Doing => ({ ...doing, name: doing.name + of });
    const point = (curve: string): Pick<Comparison, "point"> => ({ point: { curve, lines } });
    return [
      loading(group, services, named(commands(services)), point("-R")),
      loading(group, services, named(restoring(services)), point("ipvsadm-restore")),
      listing(group, shape(services), ["-Ln"], { heavy: true, ...point("-Ln") }, of),
    ];
  };

  const many = (services: number): Round[] => {
    const lines = services * LINES_A_SERVICE;
    const group = `${count(services)} services, ${count(lines)} lines`;
    const point = (curve: string): Pick<Comparison, "point"> => ({ point: { curve, lines } });
    const targets = (executable: Most, node: Most): Pick<Comparison, "targets"> => ({
      targets: [overIpvsadm("executable", executable), overIpvsadm("node", node), overOther({ uml: 1.05 })],
    });
    const restored = targets({ uml: 0.2, qemu: 0.55 }, { uml: 0.25, qemu: 0.8 });
    return [
      loading(group, services, commands(services), { ...restored, ...point("-R") }),
      loading(group, services, restoring(services), { ...restored, ...point("ipvsadm-restore") }),
      listing(group, shape(services), ["-Ln"], { heavy: true, ...targets({ uml: 0.3, qemu: 0.5 }, { uml: 0.6, qemu: 1.0 }), ...point("-Ln") }),
      listing(group, shape(services), ["-Sn"], { heavy: true, ...targets({ uml: 0.35, qemu: 0.6 }, { uml: 0.8, qemu: 1.2 }) }),
      listing(group, shape(services), ["-Ln", "--stats"], { heavy: true, ...targets({ uml: 0.35, qemu: 0.6 }, { uml: 1.0, qemu: 1.5 }) }),
      alone(changingOne(group, services), measurer),
    ];
  };

  /** Every run restores a table that differs from the kernel's in one server's weight. */
  const changingOne = (group: string, services: number): Comparison => {
    let present = shape(services);
    const other = (): Shape => shape(services, { lastWeight: present.lastWeight === 1 ? 2 : 1 });
    return {
      group,
      name: "a restore that changes 1 server (ipvsadm: -C and -R)",
      run: (program) => ({
        words:
          program === "ipvsadm"
            ? ["/bin/sh", "-c", `${path(program)} -C && exec ${path(program)} -R`]
            : [path(program, "ipvsadm-restore")],
        input: rulesFile(other()),
      }),
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
      targets: [overIpvsadm("node", { uml: 0.5, qemu: 0.8 })],
    };
  };

  /** It begins with -C, and shows what it made. */
  const tutorial = (doing: Doing, more: Partial<Comparison>): Round =>
    alone(
      {
        group: `${TUTORIAL.length} commands, as tutorials have them`,
        ...doing,
        before: async () => table.forget(),
        sameOutput: true,
        runs: 20,
        ...more,
      },
      measurer,
    );
  const script = (program: Program): string =>
    file(`tutorial-${program}.sh`, () => TUTORIAL.map((line) => `${path(program)} ${line}\n`).join(""));

  return [
    startUp(measurer, table),
    tutorial({ name: "a script, a process each", run: (program) => ({ words: ["/bin/sh", script(program)] }) }, { heavy: true }),
    tutorial(
      {
        name: "the same lines by one -R",
        run: (program) => ({ words: [path(program), "-R"], input: file("tutorial", () => `${TUTORIAL.join("\n")}\n`) }),
      },
      {},
    ),
    listing("5,000 services, 15,000 lines", shape(5000), ["-Ln"], { targets: [overIpvsadm("node", { uml: 1.0 })] }),
    listing("50 addresses among 8,000 marks", shape(50, { marks: 8000 }), ["-Ln"], {
      heavy: true,
      targets: OURS.map((program) => overIpvsadm(program, { uml7: 0.2 })),
    }),
    ...connections(kernel, table),
    ...growing(333, 1000),
    ...growing(1000, 3000),
    ...growing(3333, 10_000),
    ...many(10_000),
  ];
}

/** What starting costs: processes that do little, and in turn with them some that do nothing. */
type Start = Doing & Pick<Comparison, "sameOutput" | "after">;
const VERSION: Start = { name: "-v", run: words("-v") };

function starting(starts: readonly Start[], without: readonly Program[], measurer: Measurer): Round {
  const common = {
    group: "start-up",
    without,
    runs: 20,
    targets: [overEmpty("executable", 1.3), overIpvsadm("executable", { qemu: 3 }), overEmpty("node", 1.15)],
  };
  return {
    comparisons: starts.map((start) => ({ ...common, ...start })),
    empty: { ...common, name: "an empty program of the same runtime", run: (program) => ({ words: EMPTY[program] }), targets: [] },
    measurer: () => measurer,
  };
}

/** One change or a small table a process. */
function startUp(measurer: Measurer, table: KernelTable): Round {
  const SMALL = 5;
  const service = serviceWord(0);
  /** Each program has its own: one that is there, and one that each run finds missing, and the next run too. */
  const server = (program: Program, number: number): string => `172.20.${PROGRAMS.indexOf(program)}.${number}:80`;
  const STAYS = 1;
  const COMES = 2;
  const change = (...words: string[]): void => void execFileSync(path("ipvsadm"), words);
  const add = (program: Program, number: number): string[] => ["-a", "-t", service, "-r", server(program, number), "-m"];
  const remove = (program: Program): void => change("-d", "-t", service, "-r", server(program, COMES));
  return {
    ...starting(
      [
        {
          name: "-a of a new server",
          run: (program) => ({ words: [path(program), ...add(program, COMES)] }),
          after: (_output, program) => remove(program),
        },
        {
          name: "-e of a server",
          run: (program, run) => ({ words: [path(program), "-e", "-t", service, "-r", server(program, STAYS), "-m", "-w", String(2 + run)] }),
        },
        { name: `-Ln of ${SMALL} services`, run: words("-Ln"), sameOutput: true },
        VERSION,
      ],
      [],
      measurer,
    ),
    prepare: async () => {
      await table.become(shape(SMALL));
      table.forget();
      for (const program of PROGRAMS) change(...add(program, STAYS));
    },
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
      inside(path("ipvsadm"), ...SYNC_DAEMON);
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
          name: name(entries),
          run: words("-Lnc"),
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
  const name = (entries: number): string => `-Lnc of ${count(entries)} entries`;
  const FEW = 20_000;
  const MANY = 60_000;
  const MOST = 200_000;
  const most = { memory: { over: name(FEW), most: 1.1 } };
  const targets = {
    many: [overIpvsadm("executable", { uml7: 1.3, qemu: 0.42 }), overIpvsadm("node", { uml7: 2.3, qemu: 0.35 })],
    most: [overIpvsadm("executable", { uml7: 0.7 }), overIpvsadm("node", { uml7: 0.85 })],
  };
  const rounds = {
    // Up to Linux 6 the kernel walks the table from its start for each read: 1.31 would take minutes for the many there.
    uml: [of(10_000, {}), of(FEW, {}), of(MANY, { without: ["ipvsadm"] })],
    qemu: [of(10_000, {}), of(MANY, { targets: targets.many })],
    later: [of(FEW, {}), of(MANY, { targets: targets.many }), of(MOST, { targets: targets.most, ...most })],
  }[kernel === "uml" || kernel === "qemu" ? kernel : "later"];
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
