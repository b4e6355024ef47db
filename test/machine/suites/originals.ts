/** On a machine with settings of its own: start, start again, stop, and every address and sysctl is as it was. */
import type { Report } from "../../differential/suites/suite";
import { share } from "../../lab/share";
import { execute, type Lab, type Namespace, neverStarted, problems, type Suite } from "../lab";

/** What an administrator had there, some of it in the way. */
export const PRIOR = `
sysctl -qw net.ipv4.conf.all.arp_ignore=2 net.ipv4.conf.lo.arp_announce=1
sysctl -qw net.ipv4.conf.all.rp_filter=1 net.ipv4.conf.tunl0.rp_filter=2 net.ipv4.conf.gre0.rp_filter=1
ip address add 192.0.2.77/32 dev lo label lo:0
ip address add 2001:db8::77/128 dev lo nodad
`;

interface Way {
  readonly name: string;
  readonly vip: string;
  readonly options: readonly string[];
  /** What ip(8) and sysctl(8) must say once it has started. */
  readonly there: readonly string[];
}

/** What is stricter than 1 is kept. */
const QUIET = ["conf/all/arp_ignore 2", "conf/all/arp_announce 2"];
const LOOSE = ["conf/all/rp_filter 0"];

export const WAYS: readonly Way[] = [
  { name: "direct routing", vip: "192.0.2.1", options: [], there: [...QUIET, "conf/lo/arp_ignore 1", "conf/lo/arp_announce 2", "inet 192.0.2.1/32 scope global lo:1\\"] },
  { name: "direct routing, IPv6", vip: "2001:db8::1", options: [], there: ["inet6 2001:db8::1/128 scope global nodad"] },
  ...["ipip", "gre", "gue"].map((tunnel) => {
    const device = tunnel === "gre" ? "gre0" : "tunl0";
    const there = [...QUIET, ...LOOSE, `conf/${device}/rp_filter 0`, `${device}    inet 192.0.2.1/32 scope global ${device}\\`];
    return { name: tunnel, vip: "192.0.2.1", options: ["--tunnel", tunnel], there: tunnel === "gue" ? [...there, "port 6080 gue"] : there };
  }),
  ...["ipip", "gre", "gue"].map((tunnel) => {
    const there = [`${tunnel === "gre" ? "ip6gre0" : "ip6tnl0"}    inet6 2001:db8::1/128 scope global nodad`];
    return { name: `${tunnel}, IPv6`, vip: "2001:db8::1", options: ["--tunnel", tunnel], there: tunnel === "gue" ? [...there, "port 6080 gue -6"] : there };
  }),
];

export const originals: Suite = {
  name: "originals",
  run: (lab, report) =>
    lab.within(1, async (machine) => {
      await machine.must(PRIOR);
      for (const way of share(WAYS)) await oneWay(lab, report, machine, way);
      report.note("originals: an address that was there stays", await addressThatWasThere(machine));
    }).then(() => withoutDevices(lab, report)),
};

async function oneWay(_lab: Lab, report: Report, machine: Namespace, { name, vip, options, there }: Way): Promise<void> {
  const before = await machine.snapshot();
  const note = (what: string, found: readonly string[]): void => report.note(`originals: ${name}: ${what}`, found);
  const early = await machine.realServer("status", vip, ...options);
  note("not active at first", problems(early, { status: 3, stdout: early.stdout }));
  note("starts", problems(await machine.realServer("start", vip, ...options)));
  const started = await machine.snapshot();
  note("all of it is there", there.filter((text) => !started.some((line) => line.includes(text))).map((text) => `missing: ${text}; there is ${JSON.stringify(started.filter((line) => !before.includes(line)))}`));
  const status = await machine.realServer("status", vip);
  note("is active, with the options that were recorded", status.status === 0 && !status.stdout.includes("WRONG") ? [] : [JSON.stringify(status)]);
  note("starts again", [...problems(await machine.realServer("start", "-v", vip, ...options)), ...(await machine.since(started))]);
  note("restarts", [...problems(await machine.realServer("restart", vip)), ...(await machine.since(started))]);
  note("stops, with everything as it was", [...problems(await machine.realServer("stop", vip)), ...(await machine.since(before))]);
  note("stops again", [...problems(await machine.realServer("stop", vip), { stderr: neverStarted("lvs-realserver", vip) }), ...(await machine.since(before))]);
}

/** Where modules bring no devices, those of tunnels are created, and deleted. */
async function withoutDevices(lab: Lab, report: Report): Promise<void> {
  const only = (value: number): Promise<unknown> => execute(["sysctl", "-qw", `net.core.fb_tunnels_only_for_init_net=${value}`]);
  await only(2);
  try {
    await lab.within(1, async (machine) => {
      const before = await machine.snapshot();
      for (const { name, vip, options } of share(WAYS).filter(({ options }) => options.length > 0)) {
        const found = problems(await machine.realServer("start", ...options, vip));
        const { status, stdout } = await machine.realServer("status");
        if (status !== 0) found.push(stdout);
        found.push(...problems(await machine.realServer("stop", vip)), ...(await machine.since(before)));
        report.note(`originals: ${name}, without the module's device`, found);
      }
    });
  } finally {
    await only(0);
  }
}

async function addressThatWasThere(machine: Namespace): Promise<string[]> {
  const before = await machine.snapshot();
  const start = await machine.realServer("start", "192.0.2.77", "2001:db8::77");
  const stop = await machine.realServer("stop", "192.0.2.77", "2001:db8::77");
  return [...problems(start), ...problems(stop), ...(await machine.since(before))];
}
