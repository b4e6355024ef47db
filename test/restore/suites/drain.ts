/**
 * --drain on servers with connections. A backup synchronisation daemon is
 * told of these, so that there are some without traffic.
 */
import { setTimeout as pause } from "node:timers/promises";
import { AF, IPPROTO, SVC_F } from "../../../src/ipvs/constants";
import type { IpvsClient } from "../../../src/ipvs/client";
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
    await killedAtEachStep(lab, report);
    await refusing(lab, report);
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

/** Every option that an edit must repeat, by address, IPv6 and mark; the second server of each leaves. */
const HASHING = [
  "-A -t 10.0.0.1:80 -s sh -p 60 -M 255.255.255.0",
  "-A -t [2001:db8::1]:80 -s mh -p 90 -M 64 -b mh-port",
  "-A -u 10.0.0.1:53 -s mh -o",
  "-A -u [2001:db8::1]:5060 -s sh -p 30 --pe sip -b flag-3",
  "-A -f 5 -s sh -b sh-fallback",
  "-A -f 5 -6 -s mh",
  "-A -f 7 -s mh -b mh-fallback,mh-port -p 50",
  // What another scheduler calls its first flag is not the fallback's.
  "-A -f 9 -s wlc -b flag-1",
];
const hashing = (...servers: number[]): string =>
  rules(
    ...HASHING.flatMap((line) => {
      const six = line.includes("[") || line.includes(" -6");
      const [, service = ""] = /^-A (.*) -s /.exec(line) ?? [];
      return [line, ...servers.map((last) => `-a ${service} -r ${six ? `[2001:db8:1::${last}]:0` : `10.1.0.${last}`} -g -w ${last}`)];
    }),
  );

class Killed extends Error {}

/** Ends a restore after so many changes, as SIGKILL would: the kernel has carried these out. */
function killedAfter(ipvs: IpvsClient, changes: number): IpvsClient {
  let left = changes;
  return new Proxy(ipvs, {
    get: (target, name): unknown => {
      const value: unknown = Reflect.get(target, name, target);
      if (name !== "changeAll") return typeof value === "function" ? value.bind(target) : value;
      return async (some: Parameters<IpvsClient["changeAll"]>[0]): Promise<unknown> => {
        const refusals = await target.changeAll(some.slice(0, left));
        left -= some.length;
        if (left < 0) throw new Killed();
        return refusals;
      };
    },
  });
}

/** Under sh and mh, a server of weight 0 refuses its clients unless the fallback is set: at no step it is missing. */
async function killedAtEachStep(lab: Lab, report: Report): Promise<void> {
  const [old, wanted] = [hashing(1, 2, 3), hashing(1, 3, 4)];
  await lab.become(wanted);
  const table = await lab.table();
  const problems: string[] = [];
  let done = false;
  let steps = 0;
  for (; !done; steps++) {
    await lab.become(old);
    try {
      await lab.restoreIn({ ipvs: async () => killedAfter(lab.ipvs, steps) }, wanted, { drain: 1 });
      done = true;
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
    }
    const note = (text: string): void => void problems.push(`after ${steps} changes: ${text}`);
    for (const line of await refusingServices(lab)) note(line);
    const shown = await lab.restore(wanted, { mode: "dry-run" });
    const [said, stands] = [shown.stdout === "", tableDifferences(table, await lab.table()).length === 0];
    if (said !== stands) note(`--dry-run shows ${JSON.stringify(shown)}`);
    // Run again, with a drain and without.
    const outcome = await lab.restore(wanted, { drain: steps % 2 });
    for (const problem of [...good(outcome), ...tableDifferences(table, await lab.table())]) note(problem);
  }
  console.log(`drain: a restore of ${HASHING.length} services was ended after each of its ${steps} changes`);
  report.note("drain: killed at each step, no client is refused, and run again it gives the flags of the file", problems);
  report.note("drain: there are such steps", steps > 3 * HASHING.length ? [] : [`only ${steps}`]);
}

async function refusingServices(lab: Lab): Promise<string[]> {
  const problems: string[] = [];
  for (const service of await lab.ipvs.services({ stats: "none" })) {
    if (service.scheduler === "wlc" || (service.flags & SVC_F.SCHED1) !== 0) continue;
    const servers = await lab.ipvs.servers(service, { stats: "none" });
    if (servers.some(({ weight }) => weight === 0)) problems.push(`${service.scheduler} without fallback has a server of weight 0: ${JSON.stringify(service)}`);
  }
  return problems;
}

/** dh has no fallback: whom it refuses is said. */
async function refusing(lab: Lab, report: Report): Promise<void> {
  const table = (...servers: number[]): string =>
    rules(...["-t 10.0.0.1:80", "-f 5"].flatMap((service) => [`-A ${service} -s dh`, ...servers.map((last) => `-a ${service} -r 10.1.0.${last} -g -w 1`)]));
  const said = [
    "-t 10.0.0.1:80: while 1 of its 4 servers drains, dh may refuse all new clients: one server has all of them, and with a chance of 25 % it drains\n",
    "-f 5: while 1 of its 4 servers drains, dh refuses the new clients of about 25 % of its addresses\n",
  ];
  for (const [drain, mode] of [[1, "dry-run"], [1, "restore"], [0, "restore"]] as const) {
    await lab.become(table(1, 2, 3));
    const { stderr, status } = await lab.restore(table(1, 3, 4), { drain, mode });
    const wanted = drain === 0 ? "" : said.join("");
    const fits = status === 0 && stderr.split("\n").sort().join("\n") === wanted.split("\n").sort().join("\n");
    report.note(`drain: dh, ${mode}, ${drain} s`, fits ? [] : [JSON.stringify({ stderr, status })]);
  }
}
