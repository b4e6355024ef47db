/** lvs-director on a machine with settings of its own: in each mode start, start again, stop, and everything is as it was. */
import type { Report } from "../../../differential/suites/suite";
import { WANTS_FIREWALL, whyNot } from "../../../lab/kernel";
import { type Namespace, neverStarted, problems, type Suite } from "../../lab";
import { rules } from "./rules";

/** What an administrator had there: forwarding on one device and not on the other, redirects refused, some of it in the way. */
export const PRIOR = `
ip link add "eth1.9" type dummy && ip link set "eth1.9" up
sysctl -qw net.ipv4.ip_forward=0 net.ipv4.conf.eth0.forwarding=1 net.ipv4.conf.all.accept_redirects=0
sysctl -qw net.ipv6.conf.all.forwarding=0 net.ipv6.conf.eth0.forwarding=1 net.ipv4.conf.eth0.send_redirects=0
sysctl -qw net.ipv4.conf.eth1/9.arp_notify=1 net.ipv4.vs.conntrack=0 net.ipv4.vs.drop_entry=1
ip address add 10.99.0.77/32 dev eth0 label eth0:0
`;

interface Way {
  readonly options: readonly string[];
  readonly vip: string;
  /** What ip(8) and sysctl(8) must say once it has started. */
  readonly there: readonly string[];
  /** How many rules the firewall has then. */
  readonly rules: number;
}

const VIP4 = "10.99.0.38";
const VIP6 = "2001:db8:99::38";
const on = (dev: string, mode: string): string[] => ["--dev", dev, "--mode", mode];
const ADDRESS4 = [`inet ${VIP4}/32 scope global eth0:1\\`, "ipv4/conf/eth0/arp_notify 1"];
const ADDRESS6 = [`inet6 ${VIP6}/128 scope global`, "ipv6/conf/eth0/ndisc_notify 1"];
const FORWARDS4 = ["ipv4/ip_forward 1", "ipv4/conf/eth1.9/forwarding 1", "ipv4/conf/default/forwarding 1"];
const FORWARDS6 = ["ipv6/conf/all/forwarding 1", "ipv6/conf/eth1.9/forwarding 1", "ipv6/conf/default/forwarding 1"];
const NO_REDIRECTS = ["conf/all/send_redirects 0", "conf/eth0/send_redirects 0"];
const CONNTRACK = ["vs/conntrack 1"];

const WAYS: readonly Way[] = [
  { vip: VIP4, options: on("eth0", "dr"), there: [...ADDRESS4, "ipv4/ip_forward 0"], rules: 0 },
  { vip: VIP6, options: on("eth0", "dr"), there: [...ADDRESS6, "ipv6/conf/all/forwarding 0"], rules: 0 },
  { vip: VIP4, options: on("eth0", "tun"), there: [...ADDRESS4, "ipv4/ip_forward 0"], rules: 0 },
  { vip: VIP4, options: on("eth0", "nat"), there: [...ADDRESS4, ...FORWARDS4, ...NO_REDIRECTS], rules: 0 },
  { vip: VIP6, options: on("eth0", "nat"), there: [...ADDRESS6, ...FORWARDS6], rules: 0 },
  { vip: VIP4, options: [...on("eth0", "fullnat"), "--server-net", "10.98.0.0/24", "--server-net", "10.97.0.1"], there: [...ADDRESS4, ...FORWARDS4, ...CONNTRACK], rules: 2 },
  { vip: VIP6, options: [...on("eth0", "fullnat"), "--server-net", "2001:db8:98::/64"], there: [...ADDRESS6, ...FORWARDS6, ...CONNTRACK], rules: 1 },
  { vip: VIP4, options: on("eth1.9", "nat"), there: [`inet ${VIP4}/32 scope global eth1.9:0\\`, ...FORWARDS4, "conf/eth1.9/send_redirects 0"], rules: 0 },
];

export const directorOriginals: Suite = {
  name: "director-originals",
  run: (lab, report) =>
    lab.within(1, async (machine) => {
      await machine.must(PRIOR);
      for (const way of WAYS) await oneWay(report, machine, way);
    }),
};

async function oneWay(report: Report, machine: Namespace, { vip, options, there, rules: count }: Way): Promise<void> {
  const before = await machine.snapshot();
  const director = (...words: string[]) => machine.program("lvs-director", words);
  const note = (what: string, found: readonly string[]): void => report.note(`director-originals: ${vip} ${options.join(" ")}: ${what}`, found);
  const reason = count === 0 ? undefined : whyNot(WANTS_FIREWALL);
  if (reason !== undefined) {
    report.leaveOut(`director-originals: ${vip} ${options.join(" ")}`, reason);
    const refused = await director("start", vip, ...options);
    const said = refused.status === 1 && refused.stdout === "" && /^.*no firewall .*\n$/.test(refused.stderr);
    note("is refused, and changes nothing", [...(said ? [] : [JSON.stringify(refused)]), ...(await machine.since(before))]);
    return;
  }
  const early = await director("status", vip, ...options);
  note("not active at first", problems(early, { status: 3, stdout: early.stdout }));
  const rehearsed = await director("start", vip, ...options, "--dry-run");
  note("a rehearsal changes nothing", [...problems(rehearsed, { stdout: rehearsed.stdout }), ...(await machine.since(before))]);
  note("starts", problems(await director("start", vip, ...options)));
  const started = await machine.snapshot();
  note("all of it is there", there.filter((text) => !started.some((line) => line.includes(text))).map((text) => `missing: ${text}`));
  const found = await rules(machine);
  note("the firewall has its rules", found.length === count ? [] : [`${count} expected`, ...found]);
  const status = await director("status", vip);
  note("is active, with the options that were recorded", status.status === 0 && !status.stdout.includes("WRONG") ? [] : [JSON.stringify(status)]);
  note("starts again", [...problems(await director("start", vip, ...options)), ...(await machine.since(started))]);
  note("restarts", [...problems(await director("restart", vip)), ...(await machine.since(started))]);
  note("stops, with everything as it was", [...problems(await director("stop", vip)), ...(await machine.since(before)), ...(await rules(machine))]);
  note("stops again", problems(await director("stop", vip), { stderr: neverStarted("lvs-director", vip) }));
  const late = await director("status", vip, ...options);
  note("not active at the end", problems(late, { status: 3, stdout: late.stdout }));
}
