/** Several VIPs, several namespaces, and others who change the same settings. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Lab, type Namespace, neverStarted, problems, RECORDS, type Suite } from "../lab";
import { PRIOR } from "./originals";

const OTHER_PRIOR = `
sysctl -qw net.ipv4.conf.all.arp_ignore=0 net.ipv4.conf.all.arp_announce=1 net.ipv4.conf.lo.arp_ignore=3
ip address add 192.0.2.2/32 dev lo
`;

const records = (): string[] => readdirSync(RECORDS).filter((name) => name.endsWith(".json"));

/** Two namespaces with one /run, in turns. */
async function interleaved(one: Namespace, other: Namespace): Promise<string[]> {
  await one.must(PRIOR);
  await other.must(OTHER_PRIOR);
  const [before, beforeOther] = [await one.snapshot(), await other.snapshot()];
  const found: string[] = [];
  found.push(...problems(await one.realServer("start", "192.0.2.1", "2001:db8::1")));
  const started = await one.snapshot();
  found.push(...problems(await other.realServer("start", "192.0.2.1", "192.0.2.2", "--tunnel", "ipip")));
  found.push(...(await one.since(started)).map((line) => `a start elsewhere changed: ${line}`));
  if (records().length !== 2) found.push(`records: ${records().join(", ")}`);
  const startedOther = await other.snapshot();
  found.push(...problems(await one.realServer("start", "192.0.2.3")), ...problems(await one.realServer("stop", "--all")));
  found.push(...(await one.since(before)).map((line) => `after its stop: ${line}`));
  found.push(...(await other.since(startedOther)).map((line) => `a stop elsewhere changed: ${line}`));
  found.push(...problems(await other.realServer("stop", "192.0.2.2", "192.0.2.1")));
  found.push(...(await other.since(beforeOther)).map((line) => `after the other's stop: ${line}`));
  if (records().length !== 0) found.push(`records are left: ${records().join(", ")}`);
  return found;
}

/** A VIP is stopped, and what others need stays. */
async function several(machine: Namespace): Promise<string[]> {
  const before = await machine.snapshot();
  const found = problems(await machine.realServer("start", "192.0.2.1", "192.0.2.3"));
  const two = await machine.snapshot();
  found.push(...problems(await machine.realServer("start", "192.0.2.4", "--tunnel", "ipip")));
  found.push(...problems(await machine.realServer("start", "2001:db8::4")));
  found.push(...problems(await machine.realServer("stop", "192.0.2.4", "2001:db8::4")), ...(await machine.since(two)).map((line) => `two are left: ${line}`));
  // Their labels stay; the one that is free is given to the next.
  found.push(...problems(await machine.realServer("stop", "192.0.2.1")), ...problems(await machine.realServer("start", "192.0.2.1")));
  found.push(...(await machine.since(two)).map((line) => `both again: ${line}`));
  // Options that change take the place of those before.
  const changed = (from: string, to: string): string => `lvs-realserver: 192.0.2.1: changed from ${from} to ${to}\n`;
  const rehearsed = await machine.realServer("start", "--dry-run", "192.0.2.1", "--tunnel", "gre");
  found.push(...problems(rehearsed, { stdout: rehearsed.stdout, stderr: changed("direct routing", "tunnel gre").replace("changed", "would change") }));
  found.push(...problems(await machine.realServer("start", "192.0.2.1", "--tunnel", "gre"), { stderr: changed("direct routing", "tunnel gre") }));
  found.push(...problems(await machine.realServer("start", "192.0.2.1"), { stderr: changed("tunnel gre", "direct routing") }));
  found.push(...(await machine.since(two)).map((line) => `by direct routing again: ${line}`));
  found.push(...problems(await machine.realServer("stop", "192.0.2.1")));
  const quiet = await machine.must("sysctl -n net.ipv4.conf.all.arp_ignore net.ipv4.conf.lo.arp_announce");
  if (quiet !== "1\n2\n") found.push(`with one VIP left, the sysctls are ${JSON.stringify(quiet)}`);
  found.push(...problems(await machine.realServer("stop", "192.0.2.3")), ...(await machine.since(before)).map((line) => `at the end: ${line}`));
  return found;
}

const CHANGED = (name: string, is: string, was: string, before: string): string =>
  `lvs-realserver: ${name} is ${is}, not ${was} as it was set: changed since, and left alone (it was ${before} before)\n`;

/** What somebody changes is left alone, and said. */
async function meddling(machine: Namespace): Promise<string[]> {
  const before = await machine.snapshot();
  const found = problems(await machine.realServer("start", "192.0.2.1"));
  await machine.must("sysctl -qw net.ipv4.conf.all.arp_announce=1; ip address delete 192.0.2.1/32 dev lo");
  const status = await machine.realServer("status", "192.0.2.1");
  if (status.status !== 3) found.push(`without its VIP: ${JSON.stringify(status)}`);
  found.push(...problems(await machine.realServer("stop", "192.0.2.1"), { stderr: CHANGED("net.ipv4.conf.all.arp_announce", "1", "2", "0") }));
  await machine.must("sysctl -qw net.ipv4.conf.all.arp_announce=0");
  found.push(...(await machine.since(before)).map((line) => `but for what was changed: ${line}`));

  // A start brings back what was changed, and the first originals are those that stay.
  found.push(...problems(await machine.realServer("start", "192.0.2.1")));
  const started = await machine.snapshot();
  await machine.must("sysctl -qw net.ipv4.conf.lo.arp_ignore=3; ip address delete 192.0.2.1/32 dev lo");
  found.push(...problems(await machine.realServer("start", "192.0.2.1")), ...(await machine.since(started)).map((line) => `started again: ${line}`));
  found.push(...problems(await machine.realServer("stop", "192.0.2.1")), ...(await machine.since(before)).map((line) => `stopped: ${line}`));

  // A VIP that was never started here is not ours to take.
  await machine.must("ip address add 192.0.2.9/32 dev lo");
  const foreign = await machine.snapshot();
  found.push(...problems(await machine.realServer("stop", "192.0.2.9"), { stderr: "lvs-realserver: 192.0.2.9: is on lo, but was not started here: left alone\n" }));
  found.push(...(await machine.since(foreign)));
  await machine.must("ip address delete 192.0.2.9/32 dev lo");
  return found;
}

const numberOf = (machine: Namespace): number => statSync(join("/run/netns", machine.name)).ino;
/** How many namespaces take lower numbers that are free before the one that is waited for comes, or none. */
const LOWER = 30;

/** Works in a namespace of a number that another had: the kernel gives the lowest that is free, some time after its namespace has gone. */
const numbered = (lab: Lab, number: number, work: (machine: Namespace) => Promise<void>, left = LOWER): Promise<void> =>
  lab.within(1, async (machine) => {
    if (numberOf(machine) === number) return work(machine);
    if (left === 0) throw new Error(`no new namespace has the number ${number}`);
    return numbered(lab, number, work, left - 1);
  });

/** A namespace that is gone left its record, and its number to another. */
async function stale(lab: Lab): Promise<string[]> {
  const found: string[] = [];
  let number = 0;
  await lab.within(1, async (machine) => {
    number = numberOf(machine);
    found.push(...problems(await machine.realServer("start", "192.0.2.1", "2001:db8::1")));
  });
  const left = records();
  if (left.length !== 1) found.push(`a namespace that was deleted left ${left.length} records`);
  await numbered(lab, number, async (machine) => {
    await machine.must(PRIOR);
    const before = await machine.snapshot();
    const status = await machine.realServer("status");
    found.push(...problems(status, { status: 3, stdout: "no VIP was started here\n" }));
    found.push(...problems(await machine.realServer("stop", "192.0.2.1"), { stderr: neverStarted("lvs-realserver", "192.0.2.1") }), ...(await machine.since(before)));
    found.push(...problems(await machine.realServer("start", "192.0.2.1")), ...problems(await machine.realServer("stop", "192.0.2.1")), ...(await machine.since(before)));
  });
  if (records().length > 0) found.push(`a record is left: ${records().join(", ")}`);
  return found;
}

export const care: Suite = {
  name: "care",
  run: async (lab, report) => {
    await lab.within(2, async (one, other) => report.note("care: two namespaces that share /run", await interleaved(one, other)));
    await lab.within(1, async (machine) => {
      report.note("care: several VIPs", await several(machine));
      report.note("care: what others changed", await meddling(machine));
    });
    report.note("care: the record of a namespace that had our number", await stale(lab));
  },
};
