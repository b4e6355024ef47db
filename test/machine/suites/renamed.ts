/** A device gets another name, goes, or another takes its name: what was set on it is found all the same, or what cannot be undone is said. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Report } from "../../differential/suites/suite";
import { type Namespace, problems, RECORDS, type Suite } from "../lab";

const VIP4 = "10.99.3.38";
const VIP6 = "2001:db8:3::38";

/** Linux 6.1 renames no device that is up, and down loses IPv6 addresses if not told to keep them. */
const rename = (from: string, to: string): string => `ip link set ${from} down && ip link set ${from} name ${to} && ip link set ${to} up`;
const DEVICE = `
ip link add d1 type veth peer name d1peer && sysctl -qw net.ipv6.conf.d1.keep_addr_on_down=1 net.ipv6.conf.d1.accept_dad=0 net.ipv4.conf.d1.forwarding=1
ip link set d1 addrgenmode none up && ip link set d1peer addrgenmode none up && ip address add 10.99.3.8/24 dev d1
`;
const called = (snapshot: readonly string[], from: string, to: string): string[] => snapshot.map((line) => line.replace(new RegExp(`\\b${from}\\b`, "g"), to)).sort();
/** Routes and the order of lines aside, what there is. */
const difference = (before: readonly string[], now: readonly string[]): string[] => {
  const [then, after] = [new Set(before), new Set(now)];
  return [...before.filter((line) => !after.has(line)).map((line) => `gone: ${line}`), ...now.filter((line) => !then.has(line)).map((line) => `new: ${line}`)];
};

async function director(report: Report, machine: Namespace): Promise<void> {
  const note = (what: string, found: readonly string[]): void => report.note(`renamed: ${what}`, found);
  const run = (...words: string[]) => machine.program("lvs-director", words);
  await machine.must(DEVICE);
  const before = await machine.snapshot();
  note("starts", problems(await run("start", VIP4, VIP6, "--dev", "d1", "--mode", "nat")));
  await machine.must(rename("d1", "d2"));
  const status = await run("status", VIP4);
  note("status knows the device by its new name", status.status === 0 && status.stdout.startsWith(`${VIP4} (nat, on d2): active\n`) ? [] : [JSON.stringify(status)]);
  note("restarts", problems(await run("restart", VIP4)));
  const restarted = await run("status");
  note("and both VIPs are active", restarted.status === 0 ? [] : [JSON.stringify(restarted)]);
  await machine.must(rename("d2", "d3"));
  // Another device has the first name, and the VIP.
  await machine.must(`ip link add d1 type veth peer name other && ip address add ${VIP4}/32 dev d1 label d1:0`);
  note("stops, where the device is", problems(await run("stop", "--all")));
  note("and leaves another of the first name alone", (await machine.must("ip -o address show dev d1")).includes(VIP4) ? [] : ["gone"]);
  await machine.must("ip link delete d1");
  note("everything is as it was", difference(called(before, "d1", "d3"), await machine.snapshot()));

  note("starts", problems(await run("start", VIP4, "--dev", "d3")));
  await machine.must(`ip link delete d3 && ip link add d3 type veth peer name other && ip link set d3 up && ip address add ${VIP4}/32 dev d3`);
  note("a device that is gone", problems(await run("stop", VIP4), { stderr: "lvs-director: d3: the device is gone, and with it what was set on it\n" }));
  note("and another of its name is left alone", (await machine.must("ip -o address show dev d3")).includes(VIP4) ? [] : ["gone"]);
  await machine.must(`ip address delete ${VIP4}/32 dev d3`);

  note("starts", problems(await run("start", VIP4, "--dev", "d3")));
  await machine.must(`ip link delete d3 && ip link add d3 type veth peer name other && ip link set d3 up && sysctl -qw net.ipv4.conf.d3.arp_notify=1`);
  note("starts again on another of its name", problems(await run("start", VIP4, "--dev", "d3")));
  note("and stops", problems(await run("stop", VIP4)));
  note("with what was there", (await machine.must("sysctl -n net.ipv4.conf.d3.arp_notify; ip -o -4 address show dev d3")) === "1\n" ? [] : ["changed"]);
  await machine.must("sysctl -qw net.ipv4.conf.d3.arp_notify=0");

  note("starts", problems(await run("start", VIP4, "--dev", "d3")));
  withoutNumbers();
  await machine.must(rename("d3", "d4"));
  const said = `lvs-director: address ${VIP4}/32 on d3: cannot be undone: it is on d4: was d3 renamed? (ip address delete ${VIP4}/32 dev d4)\n`;
  const gone = "lvs-director: d3: there is no such device any more, and what was set on it is not undone\n";
  note("a record of an older version: it is said, and the status is 1", problems(await run("stop", VIP4), { status: 1, stderr: `${gone}${said}` }));
  note("and again", problems(await run("stop", VIP4), { status: 1, stderr: said }));
  await machine.must(rename("d4", "d3"));
  note("and stops once it has its name again", problems(await run("stop", VIP4)));
  note("the VIP is gone", (await machine.must("ip -o -4 address show dev d3")) === "" ? [] : ["there"]);
  await machine.must("ip link delete d3");
}

/** As older versions wrote it. */
function withoutNumbers(): void {
  for (const name of readdirSync(RECORDS).filter((file) => file.endsWith(".json"))) {
    const path = join(RECORDS, name);
    const record = JSON.parse(readFileSync(path, "utf8"), (key: string, value: unknown) => (key === "devices" ? undefined : value));
    writeFileSync(path, JSON.stringify(record));
  }
}

async function realServer(report: Report, machine: Namespace): Promise<void> {
  const before = await machine.snapshot();
  const found = problems(await machine.realServer("start", VIP4, VIP6, "--tunnel", "ipip"));
  await machine.must(rename("tunl0", "mytunnel"));
  found.push(...problems(await machine.realServer("stop", "--all")));
  await machine.must("ip link set mytunnel name tunl0");
  report.note("renamed: a real server's tunnel", [...found, ...(await machine.since(before))]);
}

export const renamed: Suite = {
  name: "renamed",
  run: (lab, report) =>
    lab.within(1, async (machine) => {
      await director(report, machine);
      await realServer(report, machine);
    }),
};
