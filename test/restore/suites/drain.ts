/**
 * --drain on servers with connections. A backup synchronisation daemon is
 * told of these, so that there are some without traffic.
 */
import { setTimeout as pause } from "node:timers/promises";
import { AF, IPPROTO } from "../../../src/ipvs/constants";
import { rules } from "../../differential/cases/case";
import type { Report } from "../../differential/suites/suite";
import { SYNC_DAEMON, sendSync, type SyncConnection } from "../../differential/suites/connections";
import { tableDifferences } from "../differences";
import { good, type Lab, type Suite } from "../lab";

const OLD = rules(
  "-A -t 10.0.0.1:80 -s rr",
  "-a -t 10.0.0.1:80 -r 10.1.0.1:8080 -m -w 7",
  "-a -t 10.0.0.1:80 -r 10.1.0.2:8080 -m -w 5",
  "-A -t 10.0.0.2:80 -s rr",
  "-a -t 10.0.0.2:80 -r 10.1.0.1:8080 -m -w 3",
);
const NEW = rules("-A -t 10.0.0.1:80 -s rr", "-a -t 10.0.0.1:80 -r 10.1.0.3:8080 -m -w 7", "-a -t 10.0.0.1:80 -r 10.1.0.2:8080 -m -w 5");
/** While servers drain: the new one is in, the leaving ones get nothing new. */
const BETWEEN = OLD.replace("-w 7", "-w 0").replace("-w 3", "-w 0") + rules("-a -t 10.0.0.1:80 -r 10.1.0.3:8080 -m -w 7");
const SECONDS = 2;
const INTERRUPTED = 130;
const MOST_TRIES = 100;

/** To the server that leaves its service, and to the one whose service leaves. */
const CONNECTIONS = Array.from({ length: 5 }, (_, index): SyncConnection => ({
  family: AF.INET,
  protocol: IPPROTO.TCP,
  client: `10.3.0.${index + 1}`,
  clientPort: 2_000 + index,
  virtual: index < 3 ? "10.0.0.1" : "10.0.0.2",
  virtualPort: 80,
  server: "10.1.0.1",
  serverPort: 8080,
}));

export const drain: Suite = {
  name: "drain",
  run: async (lab, report) => {
    const daemon = `${SYNC_DAEMON.join(" ")}\n`;
    const tables = new Map<string, string[]>();
    for (const text of [OLD, NEW, BETWEEN]) {
      await lab.become(text + daemon);
      tables.set(text, await lab.table());
    }
    const differences = async (text: string): Promise<string[]> => tableDifferences(tables.get(text) ?? [], await lab.table());

    await lab.become(OLD + daemon);
    let slept = 0;
    const sleep = async (milliseconds: number): Promise<void> => {
      slept += milliseconds;
      await pause(milliseconds);
    };
    const idle = await lab.restoreIn({ sleep }, NEW, { drain: 60 });
    report.note("drain: without connections, there is nothing to wait for", [...good(idle), ...(slept === 0 ? [] : [`it slept ${slept} ms`]), ...(await differences(NEW))]);

    await connected(lab, OLD + daemon);
    let during: string[] | undefined;
    const look = async (milliseconds: number): Promise<void> => {
      during ??= await differences(BETWEEN);
      await sleep(milliseconds);
    };
    const start = Date.now();
    const { stdout, stderr, status } = await lab.restoreIn({ sleep: look }, NEW, { drain: SECONDS, verbose: true });
    const waited = Date.now() - start;
    report.note("drain: while it waits, what leaves has weight 0, and what comes is there", during ?? ["it did not wait"]);
    report.note("drain: it waits so long, and then they leave", [
      ...(status === 0 && stdout === "" ? [] : [JSON.stringify({ stdout, status })]),
      // Never shorter; and it never means to wait longer, however slow the machine is.
      ...(waited >= SECONDS * 1000 && slept <= SECONDS * 1000 ? [] : [`it took ${waited} ms, and slept ${slept} of them`]),
      ...(await differences(NEW)),
    ]);
    const dropped = ["-d -t 10.0.0.1:80 -r 10.1.0.1:8080: dropped 3 connections", "-d -t 10.0.0.2:80 -r 10.1.0.1:8080: dropped 2 connections"];
    report.note("drain: -v says what was dropped", dropped.filter((line) => !stderr.split("\n").includes(line)).map((line) => `not said: ${line}; but: ${stderr}`));

    await interrupted(lab, report, daemon, differences);
    await lab.stopDaemons();
  },
};

/** The table, with the connections: they are told of until the kernel has them. */
async function connected(lab: Lab, text: string): Promise<void> {
  await lab.become(text);
  for (let tries = 0; (await countConnections(lab)) < CONNECTIONS.length; tries++) {
    if (tries === MOST_TRIES) throw new Error("the daemon takes no connections");
    await sendSync(CONNECTIONS);
    await pause(300);
  }
}

async function countConnections(lab: Lab): Promise<number> {
  let count = 0;
  for (const service of await lab.ipvs.services({ stats: "none" })) {
    for (const { active, inactive } of await lab.ipvs.servers(service, { stats: "none" })) count += active + inactive;
  }
  return count;
}

async function interrupted(lab: Lab, report: Report, daemon: string, differences: (text: string) => Promise<string[]>): Promise<void> {
  await connected(lab, OLD + daemon);
  const start = Date.now();
  const outcome = await lab.restoreIn({ interrupted: () => (Date.now() - start > 1_000 ? INTERRUPTED : undefined) }, NEW, { drain: 60 });
  const said = outcome.stderr === "interrupted: the old table stands\n" && outcome.status === INTERRUPTED;
  report.note("drain: interrupted, the old weights come back", [...(said ? [] : [JSON.stringify(outcome)]), ...(await differences(OLD))]);
}
