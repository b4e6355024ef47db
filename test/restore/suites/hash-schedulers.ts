/**
 * --drain under the schedulers that look a client's server up in a table: sh
 * and mh refuse the clients of a server of weight 0, unless their fallback is
 * set. Clients ask without end, by TCP and UDP, while one of three servers
 * drains, while the restore is killed at that, and while it is run again.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { Cluster, type Machine } from "../../clusters/cluster";
import { rules } from "../../differential/cases/case";
import type { Report } from "../../differential/suites/suite";
import { Helper } from "../helper";
import { RESTORE, type Suite } from "../lab";

const CLIENTS = 10;
const DRAINING = 12;
const MOST_SECONDS = 600;
/** A scheduler by its port. */
const SCHEDULERS = { 81: "sh", 82: "mh", 83: "sh -b sh-fallback", 84: "mh -b mh-fallback" } as const;
const PORTS = Object.keys(SCHEDULERS).map(Number);

interface FamilyOfAddresses {
  readonly name: string;
  readonly virtual: string;
  readonly client: (number: number) => string;
  readonly server: (last: number) => string;
}
const FAMILIES: readonly FamilyOfAddresses[] = [
  { name: "IPv4", virtual: "192.168.7.100", client: (number) => `192.168.7.${20 + number}`, server: (last) => `10.7.0.${last}` },
  { name: "IPv6", virtual: "fd00:7::100", client: (number) => `fd00:7::${(0x200 + number).toString(16)}`, server: (last) => `fd00:8::${last}` },
];
const bracketed = (address: string): string => (address.includes(":") ? `[${address}]` : address);
const addressesOf = (of: (number: number) => string, numbers: readonly number[]): string[] =>
  numbers.map((number) => (of(number).includes(":") ? `${of(number)}/64` : `${of(number)}/24`));

const numbers = (count: number): number[] => Array.from({ length: count }, (_, number) => number);
const addresses = (of: (family: FamilyOfAddresses) => string[]): string[] => FAMILIES.flatMap(of);

const CLUSTER = {
  networks: ["front", "back"],
  machines: {
    client: { interfaces: { eth0: { network: "front", addresses: addresses(({ client }) => addressesOf(client, numbers(CLIENTS))) } } },
    director: {
      interfaces: {
        eth0: { network: "front", addresses: ["192.168.7.100/24", "fd00:7::100/64"] },
        eth1: { network: "back", addresses: ["10.7.0.1/24", "fd00:8::1/64"] },
      },
      sysctls: { "net.ipv4.ip_forward": 1, "net.ipv6.conf.all.forwarding": 1 },
    },
    servers: {
      interfaces: { eth0: { network: "back", addresses: addresses(({ server }) => addressesOf(server, [11, 12, 13])) } },
      routes: [["default", "via", "10.7.0.1"], ["default", "via", "fd00:8::1"]],
    },
  },
};

const SERVICES = FAMILIES.flatMap((family) => PORTS.flatMap((port) => ["-t", "-u"].map((option) => ({ family, port, option }))));
const table = (...servers: number[]): string =>
  rules(
    ...SERVICES.flatMap(({ family, port, option }) => {
      const service = `${option} ${bracketed(family.virtual)}:${port}`;
      return [
        `-A ${service} -s ${SCHEDULERS[port as keyof typeof SCHEDULERS]}`,
        ...servers.map((last) => `-a ${service} -r ${bracketed(family.server(last))}:${port} -m -w 1`),
      ];
    }),
  );

const Answers = z.record(z.string(), z.record(z.string(), z.number()));
type Answers = z.infer<typeof Answers>;

export const hashSchedulers: Suite = {
  name: "hash-schedulers",
  run: async (lab, report) => {
    const [old, wanted] = [join(lab.folder, "three.rules"), join(lab.folder, "two.rules")];
    writeFileSync(old, table(11, DRAINING, 13));
    writeFileSync(wanted, table(11, 13));
    const cluster = await Cluster.build(CLUSTER);
    const clients: Helper[] = [];
    try {
      const director = cluster.machine("director");
      // What was closed is to be forgotten soon, so that only what is held open drains.
      await director.run(["modprobe", "ip_vs"]);
      await director.run([RESTORE, "--clear", old]);
      await director.run(["ipvsadm", "--set", "900", "2", "2"]);
      const names = FAMILIES.flatMap(({ server }) => [11, 12, 13].map(server));
      cluster.machine("servers").start([process.execPath, join(__dirname, "named-servers.cjs"), ...PORTS.map(String), "--", ...names]);
      for (const { client, virtual } of FAMILIES) {
        const services = PORTS.flatMap((port) => [`tcp ${virtual} ${port}`, `udp ${virtual} ${port}`]);
        clients.push(new Helper("many-clients.cjs", [...numbers(CLIENTS).map(client), "--", ...services], "client"));
      }
      await story(report, director, clients, wanted);
    } finally {
      for (const client of clients) client.close();
      await cluster.remove();
    }
  },
};

async function story(report: Report, director: Machine, clients: readonly Helper[], file: string): Promise<void> {
  const all = async (order: string): Promise<string[]> => Promise.all(clients.map((client) => client.ask(order)));
  const answers = async (): Promise<Answers> => Object.assign({}, ...(await all("report")).map((text) => Answers.parse(JSON.parse(text))));
  const note = (name: string, problems: readonly string[]): void => report.note(`hash-schedulers: ${name}`, problems);

  await all("go");
  await all("rounds 1");
  await Promise.all(clients.map((client, index) => client.ask(`hold ${FAMILIES[index]?.server(DRAINING)}`)));
  await answers();
  await all("rounds 1");
  note("before, each service's clients are spread over three servers", spreadProblems(await answers(), 3));

  const first = start(director, file);
  await quiesced(director, first);
  await all("rounds 2");
  note("while a server drains, nobody is refused, and the others have its clients", spreadProblems(await answers(), 2, "first"));

  first.kill("SIGKILL");
  await ended(first);
  await all("rounds 1");
  note("after SIGKILL, nobody is refused", spreadProblems(await answers(), 2));
  const left = (await director.run([RESTORE, "--dry-run", file])).trim().split("\n");
  const flagged = SERVICES.filter(({ port }) => port < 83).map(({ family, port, option }) => `-E ${option} ${bracketed(family.virtual)}:${port} -s ${port === 81 ? "sh" : "mh"}`);
  const leaving = SERVICES.map(({ family, port, option }) => `-d ${option} ${bracketed(family.virtual)}:${port} -r ${bracketed(family.server(DRAINING))}:${port}`);
  note("after SIGKILL, --dry-run shows what was left", sameLines([...flagged, ...leaving], left));

  const second = start(director, file);
  await all("rounds 1");
  note("while it drains again, nobody is refused", spreadProblems(await answers(), 2));
  await all("release");
  note("the second ends with 0", (await ended(second)) === 0 ? [] : ["it does not"]);
  await all("rounds 1");
  note("while the server leaves, nobody is refused", spreadProblems(await answers(), 2, "first"));
  await all("stop");
  note("at the end, the table has exactly the flags of the file", sameLines((await director.run(["ipvsadm", "-Sn"])).trim().split("\n"), table(11, 13).trim().split("\n")));
}

const start = (director: Machine, file: string): ChildProcess =>
  spawn("nsenter", [`--net=/run/netns/${director.name}`, RESTORE, "--drain", String(MOST_SECONDS), file], { stdio: "inherit" });

const ended = (child: ChildProcess): Promise<number | null> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve(child.exitCode)
    : new Promise((resolve) => child.once("exit", (code) => resolve(code)));

/** Returns when the server has weight 0 in every service. */
async function quiesced(director: Machine, restore: ChildProcess): Promise<void> {
  for (;;) {
    const lines = (await director.run(["ipvsadm", "-Sn"])).split("\n");
    if (lines.filter((line) => line.endsWith(" -w 0")).length === SERVICES.length) return;
    if (restore.exitCode !== null) throw new Error(`the restore ended with ${restore.exitCode} before the servers drained`);
    await pause(100);
  }
}

/** Every request was answered, by so many servers of each service; the first answers after a change may be of more. */
function spreadProblems(answers: Answers, servers: number, more?: "first"): string[] {
  const requests = Object.values(answers).reduce((sum, counts) => sum + Object.values(counts).reduce((some, count) => some + count, 0), 0);
  const failures = new Map<string, number>();
  const problems = Object.entries(answers).flatMap(([service, counts]) => {
    const answered = Object.keys(counts).filter((who) => FAMILIES.some(({ server }) => [11, 12, 13].map(server).includes(who)));
    const failed = Object.entries(counts).filter(([who]) => !answered.includes(who));
    for (const [what, count] of failed) failures.set(what, (failures.get(what) ?? 0) + count);
    return [
      ...failed.map(([what, count]) => `${service}: ${what} ${count}`),
      ...(answered.length === servers || (more === "first" && answered.length > servers) ? [] : [`${service}: answered by ${answered.join(" ")}`]),
    ];
  });
  const why = [...failures].map(([what, count]) => `${what} ${count}`).join(", ");
  console.log(`hash-schedulers: ${requests} requests of ${2 * CLIENTS} clients, failed: ${why === "" ? 0 : why}`);
  return Object.keys(answers).length === SERVICES.length ? problems : ["not every service was asked"];
}

function sameLines(wanted: readonly string[], found: readonly string[]): string[] {
  const [wants, has] = [[...wanted].sort(), [...found].sort()];
  return wants.join("\n") === has.join("\n") ? [] : [`should be: ${wants.join(" / ")}`, `is:        ${has.join(" / ")}`];
}
