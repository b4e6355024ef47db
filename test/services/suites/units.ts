/** The units, by systemd itself: what they say, what they do, and that the machine comes up with them. */
import { setTimeout as pause } from "node:timers/promises";
import type { Report } from "../../differential/suites/suite";
import { WANTS_FIREWALL, whyNot } from "../../lab/kernel";
import type { Machine } from "../machine";
import { type Expected, problems, same, type Suite } from "../suite";

const UNITS = [
  "ipvsadm.service",
  "lvs-realserver@.service",
  "lvs-director@.service",
  "lvs-realserver-watch@.service",
  "lvs-director-watch@.service",
] as const;
/** How long something is waited for that a unit does by itself, in milliseconds. */
const PATIENCE = 300_000;
const RULES = "/etc/ipvsadm.rules";
const OPTIONS = "/etc/default/ipvsadm";

const WEB = "-A -t 10.99.0.100:80 -s wrr";
const WEB_1 = "-a -t 10.99.0.100:80 -r 10.99.0.11:80 -g -w 3";
const WEB_2 = "-a -t 10.99.0.100:80 -r 10.99.0.12:80 -g -w 1";
const lines = (...rules: string[]): string => rules.map((rule) => `${rule}\n`).join("");

const VIP = "10.99.0.101";
const OTHER = "10.99.0.102";
const VIP6 = "2001:db8:99::101";

const RESTORED = `ipvsadm-service: ${RULES} is restored\n`;
const SAVED = `ipvsadm-service: the table is saved to ${RULES}\n`;

export const units: Suite = {
  name: "units",
  run: (machine, report) => new Units(machine, report).play(),
};

class Units {
  constructor(
    private readonly machine: Machine,
    private readonly report: Report,
  ) {}

  async play(): Promise<void> {
    const { machine } = this;
    for (const path of [RULES, OPTIONS, "/etc/sysconfig"]) machine.remove(path);
    for (const unit of UNITS) machine.installUnit(unit);
    machine.must("systemctl", "daemon-reload");
    this.verify();
    this.everyday();
    this.badRules();
    this.restarts();
    this.noRules();
    this.realServer();
    this.director();
    await this.watches();
    await this.boots();
  }

  note(what: string, found: readonly string[]): void {
    this.report.note(`units: ${what}`, found);
  }

  /** systemctl's answer; then what the unit said, and the table that stands. */
  systemctl(what: string, action: string, expected: Expected, said: string | RegExp, table: readonly string[]): void {
    this.machine.log();
    const found = this.machine.run("systemctl", action, "ipvsadm");
    this.note(`${what}: systemctl ${action} ipvsadm`, [
      ...problems(expected, found),
      ...problems({ status: 0, stdout: said }, { status: 0, stdout: this.machine.log(), stderr: "" }),
      ...same("the table", table, this.machine.table()),
    ]);
  }

  saved(what: string, ...rules: string[]): void {
    this.note(what, same(RULES, [lines(...rules)], [this.machine.read(RULES) ?? ""]));
  }

  property(what: string, name: string, value: string): void {
    const found = this.machine.must("systemctl", "show", "--value", "-p", name, "ipvsadm").trim();
    this.note(`${what}: ${name}`, same(name, [value], [found]));
  }

  /** Nothing is said of any unit, not even a warning. */
  verify(): void {
    this.note("systemd-analyze verify", problems({ status: 0 }, this.machine.run("systemd-analyze", "verify", "--man=no", ...UNITS)));
  }

  everyday(): void {
    this.machine.write(RULES, lines(WEB, WEB_1));
    this.systemctl("everyday", "start", { status: 0 }, RESTORED, [WEB, WEB_1]);
    this.property("everyday", "ActiveState", "active");
    this.machine.write(RULES, lines(WEB, WEB_2));
    this.systemctl("everyday", "reload", { status: 0 }, `${lines(WEB_2, "-d -t 10.99.0.100:80 -r 10.99.0.11:80")}${RESTORED}`, [WEB, WEB_2]);
    this.systemctl("everyday", "stop", { status: 0 }, "", []);
    this.property("everyday", "ActiveState", "inactive");
  }

  badRules(): void {
    this.machine.must("systemctl", "start", "ipvsadm");
    const bad = `ipvsadm-restore: ${RULES}:1:36: unexpected argument nonsense\n`.replace("36", String(WEB.length + 2));
    this.machine.write(RULES, lines(`${WEB} nonsense`));
    const why = /^Job for ipvsadm\.service failed/;
    this.systemctl("a bad file", "reload", { status: 1, stderr: why }, `${bad}ipvsadm-service: ${RULES} is not restored\n`, [WEB, WEB_2]);
    this.property("a bad file", "ActiveState", "active");
    const both = `${bad}ipvsadm-service: ${RULES} is bad: the table stands as it was\n${bad}ipvsadm-service: ${RULES} is not restored\n`;
    this.systemctl("a bad file", "restart", { status: 1, stderr: why }, both, [WEB, WEB_2]);
    this.property("a bad file", "ActiveState", "failed");
  }

  /** systemd stops and starts: the script is to know a restart from a stop. */
  restarts(): void {
    const { machine } = this;
    machine.write(RULES, lines(WEB, WEB_1));
    machine.must("systemctl", "start", "ipvsadm");
    machine.write(OPTIONS, 'IPVS_SAVE_ON_RESTART="yes"\n');
    machine.change(lines(WEB_2));
    this.systemctl("save on restart", "restart", { status: 0 }, SAVED + RESTORED, [WEB, WEB_1, WEB_2]);
    machine.write(RULES, lines(WEB));
    this.systemctl("save on restart", "stop", { status: 0 }, "", []);
    this.saved("no save on stop", WEB);
    machine.write(OPTIONS, 'IPVS_SAVE_ON_STOP="yes"\nIPVS_MODULES_UNLOAD="yes"\n');
    machine.must("systemctl", "start", "ipvsadm");
    machine.change(lines(WEB_2));
    this.systemctl("save on stop", "stop", { status: 0 }, SAVED, []);
    this.saved("save on stop", WEB, WEB_2);
    this.note("modules are unloaded", same("modules", [""], [machine.must("sh", "-c", "ls /sys/module | grep '^ip_vs' || :")]));
  }

  noRules(): void {
    this.machine.remove(RULES);
    this.systemctl("no rules", "start", { status: 1, stderr: /^Job for ipvsadm\.service failed/ }, /there is neither/, []);
    this.property("no rules", "ExecMainStatus", "6");
  }

  /** The VIPs of a device. */
  vips(device = "lo"): string[] {
    const found = this.machine.must("ip", "-o", "address", "show", "dev", device).matchAll(/ inet6? (10\.99\S+|2001:\S+)\/(32|128) /g);
    return [...found].map(([, address = "", prefix = ""]) => `${address}/${prefix}`).sort();
  }

  arp(): string {
    return this.machine.must("sysctl", "-n", "net.ipv4.conf.all.arp_ignore", "net.ipv4.conf.all.arp_announce").replace(/\n/g, " ");
  }

  realServer(): void {
    const { machine } = this;
    const both = [`lvs-realserver@${VIP}`, `lvs-realserver@${VIP6}`] as const;
    machine.must("systemctl", "start", ...both);
    this.note("two VIPs", same("addresses", [`${VIP}/32`, `${VIP6}/128`], this.vips()));
    this.note("two VIPs", same("arp_ignore, arp_announce", ["1 2 "], [this.arp()]));
    machine.must("systemctl", "stop", ...both);
    this.note("no VIP", same("addresses", [], this.vips()));
    this.note("no VIP", same("arp_ignore, arp_announce", ["0 0 "], [this.arp()]));
    // What --persist writes is what the unit reads.
    machine.must("lvs-realserver", "start", "--persist", "--tunnel", "ipip", VIP);
    this.tunnelled("a tunnel");
  }

  tunnelled(what: string): void {
    const found = this.machine.run("ip", "-o", "address", "show", "dev", "tunl0");
    this.note(what, / inet 10\.99\.0\.101\/32 /.test(found.stdout) ? [] : [JSON.stringify(found)]);
  }

  director(): void {
    const { machine } = this;
    const unknown = machine.run("systemctl", "start", `lvs-director@${VIP6}`);
    this.note("a director's VIP without its file", problems({ status: 1, stderr: /^Assertion failed on job/ }, unknown));
    machine.write(`/etc/lvs/director/${VIP6}.conf`, 'LVS_DIRECTOR_OPTIONS="--dev eth0"\n');
    const reason = whyNot(WANTS_FIREWALL);
    if (reason !== undefined) this.report.leaveOut("units: a director of FullNAT", reason);
    const mode = reason === undefined ? "fullnat --server-net 10.99.1.0/24" : "nat";
    machine.write(`/etc/lvs/director/${OTHER}.conf`, `LVS_DIRECTOR_OPTIONS="--dev eth0 --mode ${mode}"\n`);
    machine.must("systemctl", "enable", "--now", `lvs-director@${VIP6}`, `lvs-director@${OTHER}`);
    this.directs("a director");
  }

  directs(what: string): void {
    this.note(what, same("addresses", [`${OTHER}/32`, `${VIP6}/128`], this.vips("eth0")));
    // A kernel without a firewall has no connection tracking, nor this sysctl.
    const sysctls = ["net.ipv4.ip_forward", ...(whyNot(WANTS_FIREWALL) === undefined ? ["net.ipv4.vs.conntrack"] : [])];
    const found = this.machine.must("sysctl", "-n", ...sysctls).trim().split("\n");
    this.note(what, same(sysctls.join(", "), sysctls.map(() => "1"), found));
  }

  /** Until it is so, or patience ends: then it is what was found last. */
  async eventually(expected: string, found: () => string): Promise<string[]> {
    const deadline = Date.now() + PATIENCE;
    while (found() !== expected && Date.now() < deadline) await pause(200);
    return same("in the end", [expected], [found()]);
  }

  states(...names: readonly string[]): string {
    return this.machine.run("systemctl", "is-active", ...names).stdout.replace(/\n/g, " ");
  }

  /** What watches a VIP begins and ends with the unit that starts and stops it, and comes with it at boot. */
  async watches(): Promise<void> {
    const { machine } = this;
    const [director, realServer] = [`lvs-director-watch@${VIP6}`, `lvs-realserver-watch@${VIP}`] as const;
    const [both, neither] = ["active active ", "inactive inactive "];
    machine.must("systemctl", "enable", "--now", director);
    machine.must("systemctl", "start", realServer);
    this.note("watch: it starts the VIP's own unit", await this.eventually(both, () => this.states(realServer, `lvs-realserver@${VIP}`)));
    machine.must("ip", "address", "delete", `${VIP6}/128`, "dev", "eth0");
    this.note("watch: a VIP comes back", await this.eventually(`${OTHER}/32 ${VIP6}/128`, () => this.vips("eth0").join(" ")));
    machine.must("systemctl", "restart", `lvs-director@${VIP6}`);
    this.note("watch: it restarts with the VIP", await this.eventually(both, () => this.states(director, `lvs-director@${VIP6}`)));
    machine.must("systemctl", "stop", `lvs-realserver@${VIP}`);
    this.note("watch: it stops with the VIP", await this.eventually(neither, () => this.states(realServer, `lvs-realserver@${VIP}`)));
    this.note("watch: and puts nothing back", same("addresses", [], this.vips("tunl0")));
    // By hand, and not by its unit.
    machine.must("lvs-director", "stop", VIP6);
    this.note("watch: a VIP that is stopped by hand", await this.eventually("inactive ", () => this.states(director)));
    this.note("watch: is no failure", same("Result", ["success"], [machine.must("systemctl", "show", "--value", "-p", "Result", director).trim()]));
    machine.must("systemctl", "restart", `lvs-director@${VIP6}`);
    machine.must("systemctl", "start", director, `lvs-realserver@${VIP}`);
  }

  /** The table and the daemons are saved, go with the machine, and come back with it. */
  async boots(): Promise<void> {
    const { machine } = this;
    machine.write(OPTIONS, 'IPVS_SAVE_ON_STOP="yes"\nDAEMON="backup"\nSYNCID="9"\n');
    machine.write(RULES, lines(WEB, WEB_1));
    machine.must("systemctl", "enable", "--now", "ipvsadm");
    machine.change(lines(WEB_2));
    await machine.shutDown();
    this.saved("a shutdown is a stop", WEB, WEB_1, WEB_2);
    await machine.boot();
    this.note("boot: the table", same("the table", [WEB, WEB_1, WEB_2], machine.table()));
    this.note("boot: the daemon", same("daemons", ["backup sync daemon (mcast=eth0, syncid=9)"], machine.daemons().map((line) => line.replace(/, maxlen.*/, ")"))));
    this.property("boot", "ActiveState", "active");
    this.tunnelled("boot: the real server");
    this.directs("boot: the director");
    this.note("boot: it is watched", await this.eventually("active ", () => this.states(`lvs-director-watch@${VIP6}`)));
  }
}
