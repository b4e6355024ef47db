/** A real server's neighbours are not told of its VIPs; where something else on the machine tells them, `start` and `status` say so. */
import type { Report } from "../../differential/suites/suite";
import { share } from "../../lab/share";
import { type Namespace, problems, type Suite } from "../lab";

const VIP4 = "10.99.1.38";
const VIP6 = "2001:db8:1::38";

interface Case {
  readonly name: string;
  readonly vip: string;
  readonly options?: readonly string[];
  /** What is there before the start. */
  readonly prior: string;
  /** What of `prior` no start and no mending takes back. */
  readonly after: string;
  /** What a start warns of, and the command in it; undefined where there is silence. */
  readonly warning?: readonly [effect: string, mend: string];
  /** What `status` shows of it. */
  readonly wrong?: string;
}

const arp = (value: number): string => `${VIP4}: wan answers ARP requests for it (net.ipv4.conf.wan.arp_ignore: ${value})`;
const there = (vip: string, prefix: number, how: string): string => `${vip}: wan answers ${how} for it (address ${vip}/${prefix} on wan: there)`;
const REQUESTS = "ARP requests";
const SOLICITATIONS = "neighbour solicitations";
const MEND = "sysctl -w net.ipv4.conf.wan.arp_ignore=1";

const CASES: readonly Case[] = [
  ...[3, 9].map((value): Case => ({
    name: `arp_ignore ${value} of another device`,
    vip: VIP4,
    prior: `sysctl -qw net.ipv4.conf.wan.arp_ignore=${value}`,
    after: "sysctl -qw net.ipv4.conf.wan.arp_ignore=0",
    warning: [arp(value), MEND],
    wrong: `WRONG  net.ipv4.conf.wan.arp_ignore    ${value}, should be 1: ${MEND}`,
  })),
  {
    name: "arp_ignore 3 of another device, with a tunnel",
    vip: VIP4,
    options: ["--tunnel", "ipip"],
    prior: "sysctl -qw net.ipv4.conf.wan.arp_ignore=3",
    after: "sysctl -qw net.ipv4.conf.wan.arp_ignore=0",
    warning: [arp(3), MEND],
    wrong: `WRONG  net.ipv4.conf.wan.arp_ignore    3, should be 1: ${MEND}`,
  },
  ...[2, 8].map((value): Case => ({
    name: `arp_ignore ${value} of another device`,
    vip: VIP4,
    prior: `sysctl -qw net.ipv4.conf.wan.arp_ignore=${value}`,
    after: "sysctl -qw net.ipv4.conf.wan.arp_ignore=0",
  })),
  ...[2, 8].map((value): Case => ({
    name: `arp_ignore ${value} of all`,
    vip: VIP4,
    prior: `sysctl -qw net.ipv4.conf.all.arp_ignore=${value}`,
    after: `[ "$(sysctl -n net.ipv4.conf.all.arp_ignore)" = ${value} ] && sysctl -qw net.ipv4.conf.all.arp_ignore=0`,
  })),
  ...[24].map((prefix): Case => ({
    name: `the VIP on another device, /${prefix}`,
    vip: VIP4,
    prior: `ip address add ${VIP4}/${prefix} dev wan`,
    after: "true",
    warning: [there(VIP4, prefix, REQUESTS), `ip address delete ${VIP4}/${prefix} dev wan`],
    wrong: `WRONG  address ${VIP4}/${prefix} on wan    there, should be not there: ip address delete ${VIP4}/${prefix} dev wan`,
  })),
  {
    name: "the VIP on another device that answers nobody",
    vip: VIP4,
    prior: `ip address add ${VIP4}/32 dev wan; sysctl -qw net.ipv4.conf.wan.arp_ignore=8`,
    after: `ip address delete ${VIP4}/32 dev wan; sysctl -qw net.ipv4.conf.wan.arp_ignore=0`,
  },
  {
    name: "the VIP on another device without neighbours",
    vip: VIP4,
    prior: `ip address add ${VIP4}/32 dev eth0`,
    after: `ip address delete ${VIP4}/32 dev eth0`,
  },
  {
    name: "IPv6, the VIP on another device",
    vip: VIP6,
    prior: `ip address add ${VIP6}/128 dev wan nodad`,
    after: "true",
    warning: [there(VIP6, 128, SOLICITATIONS), `ip address delete ${VIP6}/128 dev wan`],
    wrong: `WRONG  address ${VIP6}/128 on wan  there, should be not there: ip address delete ${VIP6}/128 dev wan`,
  },
  {
    name: "IPv6, with a tunnel, the VIP on another device",
    vip: VIP6,
    options: ["--tunnel", "ipip"],
    prior: `ip address add ${VIP6}/64 dev wan nodad`,
    after: "true",
    warning: [there(VIP6, 64, SOLICITATIONS), `ip address delete ${VIP6}/64 dev wan`],
    wrong: `WRONG  address ${VIP6}/64 on wan       there, should be not there: ip address delete ${VIP6}/64 dev wan`,
  },
  {
    name: "IPv6, a router with the VIP as its proxy neighbour",
    vip: VIP6,
    prior: `sysctl -qw net.ipv6.conf.wan.forwarding=1 net.ipv6.conf.wan.proxy_ndp=1; ip -6 neighbour add proxy ${VIP6} dev wan`,
    after: "sysctl -qw net.ipv6.conf.wan.forwarding=0 net.ipv6.conf.wan.proxy_ndp=0",
    warning: [`${VIP6}: wan answers ${SOLICITATIONS} for it (proxy neighbour ${VIP6} on wan: there)`, `ip -6 neighbour delete proxy ${VIP6} dev wan`],
    wrong: `WRONG  proxy neighbour ${VIP6} on wan  there, should be not there: ip -6 neighbour delete proxy ${VIP6} dev wan`,
  },
  {
    name: "IPv6, a proxy neighbour of a device that is no router",
    vip: VIP6,
    prior: `sysctl -qw net.ipv6.conf.wan.proxy_ndp=1; ip -6 neighbour add proxy ${VIP6} dev wan`,
    after: `sysctl -qw net.ipv6.conf.wan.proxy_ndp=0; ip -6 neighbour delete proxy ${VIP6} dev wan`,
  },
  {
    name: "IPv6, arp_ignore is no matter",
    vip: VIP6,
    prior: "sysctl -qw net.ipv4.conf.wan.arp_ignore=3",
    after: "sysctl -qw net.ipv4.conf.wan.arp_ignore=0",
  },
];

/** Whether the machine answers when its neighbour asks for an address: then the neighbour has the machine's hardware address. */
async function answers(neighbour: Namespace, vip: string): Promise<boolean> {
  const host = vip.includes(":") ? `[${vip}]` : vip;
  const shown = await neighbour.must(`
ip neigh flush to ${vip} dev lan
curl --globoff --silent --max-time 2 http://${host}/ >/dev/null || true
ip neigh show ${vip} dev lan`);
  return shown.includes("lladdr");
}

/**
 * Whether the machine answers a neighbour that knew where the VIP was and asks
 * that machine alone whether it still is there. A device of a VRF has not joined
 * the group of the VRF's addresses, so that whoever asks all hears nothing. A
 * kernel asks so in the name of its link-local address (ndisc_solicit in ndisc.c).
 */
async function confirms(machine: Namespace, neighbour: Namespace, vip: string): Promise<boolean> {
  const address = /link\/ether (\S+)/.exec(await machine.must("ip -o link show wan"))?.[1] ?? "";
  const shown = await neighbour.must(`
ip -6 address replace fe80::100/64 dev lan nodad
ip -6 neigh replace ${vip} lladdr ${address} dev lan nud probe
for try in 1 2 3 4 5 6 7 8 9 10; do
	sleep 1
	ip -6 neigh show ${vip} dev lan | grep -q PROBE || break
done
ip -6 neigh show ${vip} dev lan
ip -6 neigh delete ${vip} dev lan
ip -6 address delete fe80::100/64 dev lan`);
  return shown.includes("REACHABLE");
}

/** Whether the machine, asking for its neighbour in the name of the VIP, tells that it has it. */
async function announces(machine: Namespace, neighbour: Namespace, vip: string): Promise<boolean> {
  await neighbour.must(`ip neigh flush to ${vip} dev lan`);
  await machine.must("ip neigh flush to 10.99.1.100 dev wan");
  await machine.shell(`curl --silent --max-time 1 --interface ${vip} http://10.99.1.100/`);
  return (await neighbour.must(`ip neigh show ${vip} dev lan`)).includes("lladdr");
}

async function one(report: Report, machine: Namespace, neighbour: Namespace, { name, vip, options = [], prior, after, warning, wrong }: Case): Promise<void> {
  const note = (what: string, found: readonly string[]): void => report.note(`silence: ${name}: ${what}`, found);
  const before = await machine.snapshot();
  await machine.must(prior);
  const stderr = warning === undefined ? "" : `lvs-realserver: ${warning.join(": ")}\n`;
  const rehearsed = await machine.realServer("start", "--dry-run", ...options, vip);
  note("a dry run says it", problems(rehearsed, { stdout: rehearsed.stdout, stderr }));
  note("a start says it", problems(await machine.realServer("start", ...options, vip), { stderr }));
  const status = await machine.realServer("status", vip);
  const shown = wrong === undefined ? !status.stdout.includes("WRONG") : status.stdout.includes(`  ${wrong}\n`);
  note("status shows it", status.status === (wrong === undefined ? 0 : 1) && shown ? [] : [JSON.stringify(status)]);
  const answered = await answers(neighbour, vip);
  note("the neighbour hears what that says", answered === (warning !== undefined) ? [] : [answered ? "answered" : "not answered"]);
  if (warning !== undefined) {
    await machine.must(warning[1]);
    note("the command mends it", (await answers(neighbour, vip)) ? ["answered"] : []);
    const mended = await machine.realServer("status", vip);
    note("status shows that", problems(mended, { stdout: mended.stdout }));
  }
  note("stops", problems(await machine.realServer("stop", vip)));
  await machine.must(after);
  note("everything is as it was", await machine.since(before));
}

/** Stricter values go back only where nobody changed them since. */
async function kept(machine: Namespace): Promise<string[]> {
  const all = "net.ipv4.conf.all.arp_ignore";
  const value = async (): Promise<string> => (await machine.must(`sysctl -n ${all}`)).trim();
  const found = problems(await machine.realServer("start", VIP4));
  await machine.must(`sysctl -qw ${all}=2`);
  const status = await machine.realServer("status", VIP4);
  if (status.status !== 0) found.push(`stricter since: ${JSON.stringify(status)}`);
  found.push(...problems(await machine.realServer("start", VIP4)));
  if ((await value()) !== "2") found.push("a start made it less strict");
  found.push(...problems(await machine.realServer("stop", VIP4), { stderr: `lvs-realserver: ${all} is 2, not 1 as it was set: changed since, and left alone (it was 0 before)\n` }));
  found.push(...problems(await machine.realServer("start", VIP4)));
  await machine.must(`sysctl -qw ${all}=8`);
  found.push(...problems(await machine.realServer("stop", VIP4), { stderr: `lvs-realserver: ${all} is 8: changed since, and left alone (it was 2 before)\n` }));
  await machine.must(`sysctl -qw ${all}=0`);
  return found;
}

async function announced(machine: Namespace, neighbour: Namespace): Promise<string[]> {
  const found = problems(await machine.realServer("start", VIP4));
  if (await announces(machine, neighbour, VIP4)) found.push("announced");
  await machine.must("sysctl -qw net.ipv4.conf.wan.arp_announce=3");
  if (!(await announces(machine, neighbour, VIP4))) found.push("arp_announce 3 does not announce it");
  const mend = "sysctl -w net.ipv4.conf.wan.arp_announce=2";
  const warning = `lvs-realserver: ${VIP4}: wan asks its neighbours with it (net.ipv4.conf.wan.arp_announce: 3): ${mend}\n`;
  found.push(...problems(await machine.realServer("start", VIP4), { stderr: warning }));
  if ((await machine.realServer("status")).status !== 1) found.push("status is not 1");
  await machine.must(mend);
  if (await announces(machine, neighbour, VIP4)) found.push("announced again");
  found.push(...problems(await machine.realServer("stop", VIP4)));
  await machine.must("sysctl -qw net.ipv4.conf.wan.arp_announce=0");
  return found;
}

/** IPv6 answers for the addresses of a device's VRF, too; a bridge's port answers for nobody. */
async function masters(report: Report, machine: Namespace, neighbour: Namespace): Promise<void> {
  if ((await machine.shell("ip link add blue type vrf table 10")).status === 0) {
    await machine.must(`ip link set blue up; ip address add ${VIP6}/128 dev blue nodad; ip link set wan master blue; ip -6 address replace 2001:db8:1::8/64 dev wan nodad; ip -6 address add fe80::8/64 dev wan nodad`);
    const start = await machine.realServer("start", VIP6);
    const stderr = `lvs-realserver: ${VIP6}: wan answers neighbour solicitations for it (address ${VIP6}/128 on blue: there): ip address delete ${VIP6}/128 dev blue\n`;
    report.note("silence: IPv6, the VIP on the VRF of another device", [...problems(start, { stderr }), ...((await confirms(machine, neighbour, VIP6)) ? [] : ["not answered"])]);
    await machine.realServer("stop", VIP6);
    await machine.must("ip link delete blue; ip -6 address replace 2001:db8:1::8/64 dev wan nodad");
  } else console.log("silence: this kernel has no VRF");
  await machine.must(`ip link add br0 type bridge && ip link set wan master br0 && ip link set br0 up && ip address add 10.99.1.9/24 dev br0 && sysctl -qw net.ipv4.conf.wan.arp_ignore=3`);
  report.note("silence: a bridge's port", [
    ...problems(await machine.realServer("start", VIP4)),
    ...((await answers(neighbour, VIP4)) ? ["answered"] : []),
    ...problems(await machine.realServer("stop", VIP4)),
  ]);
  await machine.must("ip link delete br0; sysctl -qw net.ipv4.conf.wan.arp_ignore=0");
}

export const silence: Suite = {
  name: "silence",
  run: (lab, report) =>
    lab.within(2, async (machine, neighbour) => {
      await machine.must(`ip link add wan type veth peer name lan netns ${neighbour.name}`);
      await machine.must("ip address add 10.99.1.8/24 dev wan && ip address add 2001:db8:1::8/64 dev wan nodad && ip link set wan addrgenmode none up");
      await neighbour.must("ip address add 10.99.1.100/24 dev lan && ip address add 2001:db8:1::100/64 dev lan nodad && ip link set lan addrgenmode none up");
      for (const each of share(CASES)) await one(report, machine, neighbour, each);
      report.note("silence: stricter values since", await kept(machine));
      report.note("silence: arp_announce", await announced(machine, neighbour));
      await masters(report, machine, neighbour);
    }),
};
