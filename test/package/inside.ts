/** Within the lab's kernel: a Debian with the package installed boots, and lives with it until the purge. */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Booted, ROOT } from "../services/booted";
import { Cases, same } from "./cases";
import { owned, treeOf } from "./debian";

const OPTIONS = "/etc/default/ipvsadm";
const RULES = "/etc/ipvsadm.rules";
const VIP = "10.99.0.101";
const CHECKED = "10.99.0.110";

const HEADING = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
`;
const WEB = "-A -t 10.99.0.100:80 -s wrr";
const WEB_1 = "-a -t 10.99.0.100:80 -r 10.99.0.11:80 -g -w 3";
const WEB_2 = "-a -t 10.99.0.100:80 -r 10.99.0.12:80 -g -w 1";
const WEB_3 = "-a -t 10.99.0.100:80 -r 10.99.0.13:80 -m -w 2";
const LISTED = `${HEADING}TCP  10.99.0.100:80 wrr
  -> 10.99.0.11:80                Route   3      0          0         \n  -> 10.99.0.12:80                Route   1      0          0         \n`;
const lines = (...rules: string[]): string => rules.map((rule) => `${rule}\n`).join("");

/** ldirectord puts a service into the table, with a server that it does not check. */
const LDIRECTORD = "/etc/ha.d/ldirectord.cf";
const LDIRECTORD_LOG = "/var/log/ldirectord.log";
const DELETED = `Deleted real server: 10.99.0.11:80 (${CHECKED}:80)`;
const LDIRECTORD_RULES = `virtual=${CHECKED}:80\n\treal=10.99.0.11:80 gate 5\n\tscheduler=rr\n\tprotocol=tcp\n\tchecktype=on\n`;
const CHECKED_RULES = [`-A -t ${CHECKED}:80 -s rr`, `-a -t ${CHECKED}:80 -r 10.99.0.11:80 -g -w 5`];
const PATIENCE = 600_000;

/** What no package owns, and others wrote: dpkg, apt and man; systemd, at a boot; the dependencies, as they came. */
const OF_OTHERS: readonly RegExp[] = [
  /^\/var\/(?:lib\/(?:dpkg|apt)|cache|log)\//,
  /^\/var\/lib\/systemd\/timers(?:\/|$)/,
  // ca-certificates, netbase and kmod.
  /^\/etc\/(?:ssl\/certs\/|ca-certificates\.conf$)|^\/usr\/local\/share\/ca-certificates$/,
  /^\/etc\/(?:hosts|networks)$/,
  /^\/etc\/(?:modules|rcS\.d\/S\d+kmod)$/,
];
/** Such a path is ours wherever it is: but that it was there once is in the logs, and apt and man keep what they had. */
const OURS = /ipvsadm|lvs|ldirectord/;
const MEMORIES = /^\/var\/(?:log|cache\/(?:apt|man))\//;

class Life {
  constructor(
    private readonly machine: Booted,
    private readonly cases: Cases,
    private readonly deb: string,
    private readonly before: ReadonlySet<string>,
  ) {}

  async live(): Promise<void> {
    const { machine, cases } = this;
    await machine.boot();
    await cases.attempt("a boot: the service is active, and leaves the table alone", () => [...this.state("active", "enabled"), ...this.table()]);
    await cases.attempt("ipvsadm -Ln, and services and servers added", () => this.everyday());
    await cases.attempt("ipvsadm-save", () => same("saved", [lines(WEB, WEB_1, WEB_2)], [machine.must("ipvsadm-save", "-n")]));
    await cases.attempt("the table is saved, and is there after the next boot", () => this.reboot());
    await cases.attempt("systemctl reload takes an edited file of rules", () => this.reload());
    await cases.attempt("ldirectord drives it", () => this.ldirectord());
    await cases.attempt("a real server that is to come back with the next boot", () => this.realServer());
    await cases.attempt("an upgrade over itself keeps changed options, the table, and what is active", () => this.upgrade());
    await cases.attempt("removed: stopped and taken back, its configuration kept", () => this.removed());
    await cases.attempt("installed again: the table of the rules that were kept", () => this.again());
    await cases.attempt("purged", () => this.purged());
    await machine.shutDown();
    await cases.attempt("nothing is left behind", () => this.leftovers());
  }

  state(active: string, enabled: string): string[] {
    const of = (verb: string): string => this.machine.run("systemctl", verb, "ipvsadm").stdout.trim();
    const problems = [...same("is-active", [active], [of("is-active")]), ...same("is-enabled", [enabled], [of("is-enabled")])];
    return problems.length === 0 ? [] : [...problems, this.machine.run("systemctl", "status", "--full", "ipvsadm").stdout];
  }

  /** As Debian's ipvsadm sees it. */
  table(...rules: string[]): string[] {
    return same("the table", [...rules].sort(), this.machine.table());
  }

  everyday(): string[] {
    const empty = this.machine.must("ipvsadm", "-Ln");
    for (const rule of [WEB, WEB_1, WEB_2]) this.machine.must("ipvsadm", ...rule.split(" "));
    const problems = [...same("empty", [HEADING], [empty]), ...same("listed", [LISTED], [this.machine.must("ipvsadm", "-Ln")])];
    return [...problems, ...this.table(WEB, WEB_1, WEB_2)];
  }

  async reboot(): Promise<string[]> {
    const { machine } = this;
    const options = machine.read(OPTIONS) ?? "";
    machine.write(OPTIONS, options.replace(/^AUTO=.*$/m, 'AUTO="true"'));
    machine.must("ipvsadm-service", "save");
    const problems = [...same(RULES, [lines(WEB, WEB_1, WEB_2)], [machine.read(RULES) ?? ""])];
    await machine.shutDown();
    await machine.boot();
    return [...problems, ...this.state("active", "enabled"), ...this.table(WEB, WEB_1, WEB_2)];
  }

  reload(): string[] {
    this.machine.write(RULES, lines(WEB, WEB_1, WEB_3));
    this.machine.must("systemctl", "reload", "ipvsadm");
    return this.table(WEB, WEB_1, WEB_3);
  }

  async ldirectord(): Promise<string[]> {
    const { machine } = this;
    machine.write(LDIRECTORD, LDIRECTORD_RULES);
    machine.must("systemctl", "restart", "ldirectord");
    const log = (): string => machine.read(LDIRECTORD_LOG) ?? `no ${LDIRECTORD_LOG}`;
    // A new server is added and deleted before the first check, which adds it for good (ld_start and ld_main in ldirectord).
    const checked = (): string[] => (log().includes(DELETED) ? this.table(WEB, WEB_1, WEB_3, ...CHECKED_RULES) : ["ldirectord has not checked"]);
    let problems = checked();
    for (const deadline = Date.now() + PATIENCE; Date.now() < deadline && problems.length > 0; problems = checked()) await pause(500);
    if (problems.length > 0) problems.push(log(), machine.run("systemctl", "status", "--full", "ldirectord").stdout);
    machine.must("systemctl", "stop", "ldirectord");
    return [...problems, ...this.table(WEB, WEB_1, WEB_3)];
  }

  vips(): string[] {
    return [...this.machine.within(["ip", "-o", "address", "show", "dev", "lo"]).matchAll(/ inet (10\.99\S+)/g)].map(([, address = ""]) => address);
  }

  realServer(): string[] {
    this.machine.must("lvs-realserver", "start", "--persist", VIP);
    this.machine.must("systemctl", "start", `lvs-realserver@${VIP}`);
    return same("addresses", [`${VIP}/32`], this.vips());
  }

  upgrade(): string[] {
    const { machine } = this;
    const since = (): string => machine.must("systemctl", "show", "--value", "-p", "ActiveEnterTimestampMonotonic", "ipvsadm");
    const options = `${machine.read(OPTIONS) ?? ""}# ours\n`;
    machine.write(OPTIONS, options);
    // What stands, and is in no file.
    machine.must("ipvsadm", ...WEB_2.split(" "));
    const before = since();
    machine.must("dpkg", "--install", this.deb);
    return [
      ...same(OPTIONS, [options], [machine.read(OPTIONS) ?? ""]),
      ...same("active since", [before], [since()]),
      ...same("addresses", [`${VIP}/32`], this.vips()),
      ...this.state("active", "enabled"),
      ...this.table(WEB, WEB_1, WEB_2, WEB_3),
    ];
  }

  removed(): string[] {
    const { machine } = this;
    machine.must("apt-get", "-y", "remove", "ipvsadm-ts", "ldirectord");
    const kept = [OPTIONS, RULES, "/etc/init.d/ipvsadm", `/etc/lvs/realserver/${VIP}.conf`].filter((path) => machine.read(path) === undefined);
    return [
      ...same("gone of its configuration", [], kept),
      ...same("addresses", [], this.vips()),
      ...same("unit", ["not-found"], [machine.must("systemctl", "show", "--value", "-p", "LoadState", "ipvsadm").trim()]),
      ...this.table(),
    ];
  }

  again(): string[] {
    this.machine.must("dpkg", "--install", this.deb);
    return [...this.state("active", "enabled"), ...this.table(WEB, WEB_1, WEB_3)];
  }

  purged(): string[] {
    this.machine.must("apt-get", "-y", "purge", "ipvsadm-ts", "ldirectord");
    const left = this.machine.must("dpkg-query", "-W", "-f", "${Package}\n").split("\n").filter((name) => OURS.test(name));
    return [...same("packages", [], left), ...this.table()];
  }

  leftovers(): string[] {
    rmSync(join(ROOT, LDIRECTORD), { force: true });
    const theirs = owned(ROOT);
    const isLeft = (path: string): boolean =>
      !this.before.has(path) && !theirs.has(path) && !OF_OTHERS.some((pattern) => pattern.test(path));
    const found = treeOf(ROOT);
    return found.filter((path) => isLeft(path) || (OURS.test(path) && !MEMORIES.test(path) && !this.before.has(path)));
  }
}

async function main([root = "", deb = "", before = ""]: readonly string[]): Promise<void> {
  const cases = new Cases();
  const life = new Life(new Booted(root), cases, deb, new Set(readFileSync(before, "utf8").split("\n")));
  await life.live();
}

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
