/** lvs-director watch, lvs-realserver watch: what others take away is put back and said, and what was stopped is not. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import type { Report } from "../../differential/suites/suite";
import { PROGRAMS } from "../../lab/programs";
import { execute, type Lab, type Namespace, problems, RECORDS, type Suite } from "../lab";

/** How long a line or an end is waited for, in milliseconds, on a machine that has much else to do. */
const PATIENCE = 300_000;
/** So seldom that only what the kernel tells of is put back within a test. */
const NEVER = ["--interval", "86400"];

/** A process that watches. What it says is taken line by line. */
class Watcher {
  private readonly child: ChildProcessByStdio<null, Readable, Readable>;
  private stdout = "";
  private stderr = "";
  private taken = 0;
  private ended: number | string | undefined;

  constructor(
    machine: Namespace,
    private readonly program: string,
    ...words: string[]
  ) {
    const [nsenter = "", ...rest] = machine.words(join(PROGRAMS, program), "watch", ...words);
    this.child = spawn(nsenter, rest, { stdio: ["ignore", "pipe", "pipe"] });
    this.child.stdout.on("data", (text: Buffer) => (this.stdout += text.toString()));
    this.child.stderr.on("data", (text: Buffer) => (this.stderr += text.toString()));
    this.child.once("close", (status, signal) => (this.ended = status ?? String(signal)));
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Nobody reads what it says any more. */
  turnAway(): void {
    this.child.stdout.destroy();
    this.child.stderr.destroy();
  }

  private lines(): string[] {
    return this.stdout.split("\n").slice(0, -1);
  }

  /** Its next lines are these, in any order, without the program's name. */
  async says(...expected: readonly string[]): Promise<string[]> {
    await until(() => this.ended !== undefined || this.lines().length >= this.taken + expected.length);
    const found = this.lines().slice(this.taken, this.taken + expected.length);
    this.taken += found.length;
    const wanted = expected.map((line) => `${this.program}: ${line}`);
    return JSON.stringify([...found].sort()) === JSON.stringify([...wanted].sort())
      ? []
      : [`it said ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}; stderr: ${JSON.stringify(this.stderr)}; ended: ${this.ended}`];
  }

  /** It ends so, and says nothing more on standard output. */
  async ends(status: number, stderr = ""): Promise<string[]> {
    await until(() => this.ended !== undefined);
    const more = this.lines().slice(this.taken);
    return [
      ...(this.ended === status ? [] : [`it ended with ${this.ended}, not ${status}`]),
      ...(this.stderr === stderr ? [] : [`stderr: ${JSON.stringify(this.stderr)}, not ${JSON.stringify(stderr)}`]),
      ...more.map((line) => `it said as well: ${line}`),
    ];
  }
}

async function until(holds: () => boolean): Promise<void> {
  for (const deadline = Date.now() + PATIENCE; !holds(); await pause(20)) {
    if (Date.now() > deadline) return;
  }
}

const addressLine = (vip: string, device: string): string =>
  `${vip}: address ${vip}/${vip.includes(":") ? 128 : 32} on ${device}: not there, put back`;
const withoutRoute = (vip: string, device: string): string => `${vip}: ${vip} on ${device} is without its local route: added anew`;

const VIP = "10.99.0.38";
const VIP6 = "2001:db8:99::38";
/** Of the namespace itself; and a flush takes what IPv6 gives the device. */
const OWN = "ip address add 10.99.0.1/24 dev eth0; ip address add 2001:db8:99::1/64 dev eth0 nodad";

async function director(machine: Namespace, note: (what: string, found: readonly string[]) => void): Promise<void> {
  await machine.must("ip address flush dev eth0 scope link");
  const before = await machine.snapshot();
  note("start", problems(await machine.program("lvs-director", ["start", VIP, VIP6, "--dev", "eth0", "--mode", "nat"])));
  const started = await machine.snapshot();
  const watcher = new Watcher(machine, "lvs-director", ...NEVER);
  note("all that are started are watched", await watcher.says(`${VIP}: watched`, `${VIP6}: watched`));

  await machine.must(`ip address delete ${VIP}/32 dev eth0`);
  note("a VIP is deleted", [...(await watcher.says(addressLine(VIP, "eth0"))), ...(await machine.since(started))]);
  await machine.must(`ip address delete ${VIP6}/128 dev eth0`);
  note("a VIP of IPv6 is deleted", [...(await watcher.says(addressLine(VIP6, "eth0"))), ...(await machine.since(started))]);
  await machine.must(`ip address flush dev eth0; ${OWN}`);
  note("all addresses are flushed", [...(await watcher.says(addressLine(VIP, "eth0"), addressLine(VIP6, "eth0"))), ...(await machine.since(started))]);
  await machine.must("sysctl -qw net.ipv4.ip_forward=0");
  note("a sysctl that the kernel tells of", [
    ...(await watcher.says(`${VIP}: net.ipv4.ip_forward: 0 instead of 1, put back`)),
    ...(await machine.since(started)),
  ]);
  // Nobody is told of the first; the second makes it look at everything.
  await machine.must("sysctl -qw net.ipv4.conf.eth0.send_redirects=1; ip address add 10.99.0.77/32 dev eth0; ip address delete 10.99.0.77/32 dev eth0");
  note("a sysctl that the kernel does not tell of, and another address", [
    ...(await watcher.says(`${VIP}: net.ipv4.conf.eth0.send_redirects: 1 instead of 0, put back`)),
    ...(await machine.since(started)),
  ]);
  await machine.must(`ip route delete local ${VIP} dev eth0 table local`);
  note("the route that delivers a VIP", [
    ...(await watcher.says(withoutRoute(VIP, "eth0"), addressLine(VIP, "eth0"))),
    ...(/^local /.test(await machine.must(`ip route get ${VIP}`)) ? [] : ["it is not local"]),
    ...(await machine.since(started)),
  ]);
  await machine.must(`ip -6 route delete local ${VIP6} dev eth0 table local`);
  note("the same of IPv6", [...(await watcher.says(withoutRoute(VIP6, "eth0"), addressLine(VIP6, "eth0"))), ...(await machine.since(started))]);

  note("one is stopped", problems(await machine.program("lvs-director", ["stop", VIP])));
  note("and no longer watched", await watcher.says(`${VIP}: stopped, no longer watched`));
  note("another is started", problems(await machine.program("lvs-director", ["start", "10.99.0.39", "--dev", "eth0"])));
  note("and watched", await watcher.says("10.99.0.39: watched"));
  note("a restart", problems(await machine.program("lvs-director", ["restart", "10.99.0.39"])));
  await machine.must("ip address delete 10.99.0.39/32 dev eth0");
  note("is no stop", await watcher.says(addressLine("10.99.0.39", "eth0")));
  note("all stop", problems(await machine.program("lvs-director", ["stop", "--all"])));
  note("nothing is left to be watched", await watcher.says("10.99.0.39: stopped, no longer watched", `${VIP6}: stopped, no longer watched`));
  note("it ends", await watcher.ends(0));
  note("everything is as it was", await machine.since(before));
}

/** What only a comparison finds; a tunnel's device; and a signal. */
async function realServer(machine: Namespace, note: (what: string, found: readonly string[]) => void): Promise<void> {
  const before = await machine.snapshot();
  note("start", problems(await machine.realServer("start", "192.0.2.1", "--tunnel", "ipip")));
  note("another, by direct routing", problems(await machine.realServer("start", "192.0.2.2")));
  const started = await machine.snapshot();
  const watcher = new Watcher(machine, "lvs-realserver", "192.0.2.1", "--interval", "1");
  note("one is watched", await watcher.says("192.0.2.1: watched"));
  await machine.must("sysctl -qw net.ipv4.conf.all.arp_ignore=0");
  note("a sysctl that only a comparison finds", [
    ...(await watcher.says("192.0.2.1: net.ipv4.conf.all.arp_ignore: 0 instead of 1, put back")),
    ...(await machine.since(started)),
  ]);
  await machine.must("ip link set tunl0 down");
  note("a device that goes down", [...(await watcher.says("192.0.2.1: link tunl0: down instead of up, put back")), ...(await machine.since(started))]);
  await machine.must("ip address delete 192.0.2.2/32 dev lo");
  await machine.must("ip address delete 192.0.2.1/32 dev tunl0");
  note("the VIP that is watched, and no other", [
    ...(await watcher.says(addressLine("192.0.2.1", "tunl0"))),
    ...(await machine.since(started)).filter((line) => !line.includes("192.0.2.2/32")),
  ]);
  watcher.kill("SIGTERM");
  note("SIGTERM", [...(await watcher.says("SIGTERM: 192.0.2.1: no longer watched")), ...(await watcher.ends(0))]);
  note("and the VIP stays", (await machine.realServer("status", "192.0.2.1")).status === 0 ? [] : ["it does not"]);
  const all = new Watcher(machine, "lvs-realserver", ...NEVER);
  const [known, lost] = ["192.0.2.1: watched", "192.0.2.2: watched"];
  note("what was gone before is put back at once", await all.says(known, lost, addressLine("192.0.2.2", "lo")));
  all.kill("SIGINT");
  note("SIGINT", [...(await all.says("SIGINT: 192.0.2.1, 192.0.2.2: no longer watched")), ...(await all.ends(0))]);
  note("all stop", [...problems(await machine.realServer("stop", "--all")), ...(await machine.since(before))]);
}

/** Something else takes the same thing again and again. */
async function fights(machine: Namespace, note: (what: string, found: readonly string[]) => void): Promise<void> {
  await machine.program("lvs-director", ["start", VIP, "--dev", "eth0"]);
  const watcher = new Watcher(machine, "lvs-director", VIP, ...NEVER);
  await watcher.says(`${VIP}: watched`);
  for (let time = 1; time <= 5; time++) {
    await machine.must(`ip address delete ${VIP}/32 dev eth0`);
    if (time < 5) note(`taken away ${time} times`, await watcher.says(addressLine(VIP, "eth0")));
  }
  const why = `${VIP}: address ${VIP}/32 on eth0: not there, 5 times within 60 seconds: something else changes it, and it is no longer watched`;
  note("taken away five times", await watcher.ends(1, `lvs-director: ${why}\n`));
  note("it is left as it is", (await machine.must("ip -o address show dev eth0")).includes(VIP) ? ["it is there"] : []);
  await machine.program("lvs-director", ["stop", VIP]);
}

/** The device goes, and comes back. */
async function withoutDevice(machine: Namespace, note: (what: string, found: readonly string[]) => void): Promise<void> {
  await machine.must("ip link add eth1 type dummy && ip link set eth1 up");
  await machine.program("lvs-director", ["start", VIP, "10.99.0.39", "--dev", "eth1"]);
  await machine.program("lvs-director", ["start", "10.99.0.40", "--dev", "eth0"]);
  const watcher = new Watcher(machine, "lvs-director", VIP, "10.99.0.40", ...NEVER);
  await watcher.says(`${VIP}: watched`, "10.99.0.40: watched");
  await machine.must("ip link delete eth1; ip address delete 10.99.0.40/32 dev eth0");
  note("one device is gone, and another VIP put back", await watcher.says(addressLine("10.99.0.40", "eth0")));
  await machine.must("ip link add eth1 type dummy && ip link set eth1 up");
  const again = [`${VIP}: net.ipv4.conf.eth1.arp_notify: 0 instead of 1, put back`, addressLine(VIP, "eth1")];
  note("the device is there again", await watcher.says(...again));
  watcher.kill("SIGTERM");
  await watcher.says(`SIGTERM: ${VIP}, 10.99.0.40: no longer watched`);
  note("it said once why it could not", await watcher.ends(0, `lvs-director: ${VIP}: cannot be put back: there is no network device eth1\n`));
  await machine.program("lvs-director", ["stop", "--all"]);
  await machine.must("ip link delete eth1");
}

/** More than the queue holds, while nobody reads; others who have the lock; nobody who listens. */
async function hindered(machine: Namespace, note: (what: string, found: readonly string[]) => void): Promise<void> {
  await machine.program("lvs-director", ["start", VIP, "--dev", "eth0"]);
  const watcher = new Watcher(machine, "lvs-director", VIP, ...NEVER);
  await watcher.says(`${VIP}: watched`);
  watcher.kill("SIGSTOP");
  await machine.must(`seq 1 250 | sed 's|.*|address add 10.98.0.&/32 dev eth0\\naddress delete 10.98.0.&/32 dev eth0|' >/tmp/flood
    for time in 1 2 3; do ip -batch /tmp/flood; done; ip address delete ${VIP}/32 dev eth0`);
  watcher.kill("SIGCONT");
  note("notifications that were lost", await watcher.says(addressLine(VIP, "eth0")));

  // The lock's file is free again when its holder ends.
  const [nsenter = "", ...rest] = machine.words("flock", join(RECORDS, "lock"), "sh", "-c", "echo held; read line");
  const holder = spawn(nsenter, rest, { stdio: ["pipe", "pipe", "inherit"] });
  await new Promise((resolve) => holder.stdout.once("data", resolve));
  await machine.must(`ip address delete ${VIP}/32 dev eth0`);
  await pause(1000);
  watcher.kill("SIGTERM");
  note("SIGTERM while another has the lock", [...(await watcher.says(`SIGTERM: ${VIP}: no longer watched`)), ...(await watcher.ends(0))]);
  note("which it still has", holder.exitCode === null ? [] : ["it has ended"]);
  const released = new Promise((resolve) => holder.once("exit", resolve));
  holder.stdin.end("\n");
  await released;

  const unheard = new Watcher(machine, "lvs-director", VIP, ...NEVER);
  note("what was gone is put back", await unheard.says(`${VIP}: watched`, addressLine(VIP, "eth0")));
  unheard.turnAway();
  await machine.must(`ip address delete ${VIP}/32 dev eth0`);
  note("nobody reads what it says", await unheard.ends(141));
  await machine.program("lvs-director", ["stop", VIP]);
}

const NOT_PERMITTED = "lvs-realserver: not permitted: changing the network takes CAP_NET_ADMIN, as root has\n";

async function refusals(machine: Namespace, note: (what: string, found: readonly string[]) => void): Promise<void> {
  const nothing = ": not started here, so there is nothing to watch\n";
  note("none is started", problems(await machine.realServer("watch"), { status: 3, stderr: "lvs-realserver: no VIP was started here, so there is nothing to watch\n" }));
  await machine.realServer("start", "192.0.2.1");
  note("one that is not started", problems(await machine.realServer("watch", "192.0.2.1", "192.0.2.9"), { status: 3, stderr: `lvs-realserver: 192.0.2.9${nothing}` }));
  note("another program's", problems(await machine.program("lvs-director", ["watch", "192.0.2.1"]), { status: 3, stderr: `lvs-director: 192.0.2.1${nothing}` }));
  const without = machine.words("setpriv", "--bounding-set=-net_admin", "--inh-caps=-net_admin", "--", join(PROGRAMS, "lvs-realserver"), "watch");
  note("no privileges", problems(await execute(without), { status: 1, stderr: NOT_PERMITTED }));
  await machine.realServer("stop", "192.0.2.1");
}

const PARTS = { director, "real server": realServer, fights, "a device that goes": withoutDevice, hindered, refusals };

const play = async (lab: Lab, report: Report, parts: Partial<typeof PARTS>): Promise<void> => {
  for (const [name, part] of Object.entries(parts)) {
    await lab.within(1, (machine) => part(machine, (what, found) => report.note(`watch: ${name}: ${what}`, found)));
  }
};

export const watch: Suite = { name: "watch", run: (lab, report) => play(lab, report, PARTS) };
/** Where time is short. */
export const watchShort: Suite = { name: "watch", run: (lab, report) => play(lab, report, { director, fights }) };
