/** The init script by hand, as where there is no systemd: every action, every status, every option. */
import type { Report } from "../../differential/suites/suite";
import type { Words } from "../booted";
import type { Machine } from "../machine";
import { type Expected, problems, same, type Suite } from "../suite";

const SCRIPT = "/etc/init.d/ipvsadm";
const DEBIAN = { rules: "/etc/ipvsadm.rules", options: "/etc/default/ipvsadm" };
const RED_HAT = { rules: "/etc/sysconfig/ipvsadm", options: "/etc/sysconfig/ipvsadm-config" };

const SHELLS = {
  dash: { path: "/usr/bin/dash", sample: "default", options: DEBIAN.options },
  busybox: { path: "/usr/bin/busybox", sample: "ipvsadm-config", options: RED_HAT.options },
} as const;
type Shell = keyof typeof SHELLS;

const WEB = "-A -t 10.99.0.100:80 -s wrr";
const WEB_1 = "-a -t 10.99.0.100:80 -r 10.99.0.11:80 -g -w 3";
const WEB_2 = "-a -t 10.99.0.100:80 -r 10.99.0.12:80 -g -w 1";
const DNS = "-A -u [2001:db8:99::100]:53 -s rr";
const DNS_1 = "-a -u [2001:db8:99::100]:53 -r [2001:db8:99::11]:53 -m -w 1";

const lines = (...rules: string[]): string => rules.map((rule) => `${rule}\n`).join("");
const sorted = (...rules: string[]): string[] => [...rules].sort();

const restored = (file: string): string => `ipvsadm-service: ${file} is restored\n`;
const saved = (file: string): string => `ipvsadm-service: the table is saved to ${file}\n`;
const EMPTY = "ipvsadm-service: not running: no virtual services, no synchronisation daemon\n";
const USAGE = "usage: ipvsadm-service start|stop|restart|try-restart|reload|force-reload|status|save\n";
const NO_RULES =
  "ipvsadm-service: there is neither /etc/sysconfig/ipvsadm nor /etc/ipvsadm.rules (`ipvsadm-service save' makes one of the table that stands)\n";

/** With one shell, every case; with the other, every action and every status. */
export const initScript = (shell: Shell, every: boolean): Suite => ({
  name: `init script, ${shell}`,
  run: (machine, report) => {
    // Both our script and the init script begin with #!/bin/sh.
    machine.link(SHELLS[shell].path, "/usr/bin/sh");
    machine.install("ipvsadm.init", SCRIPT, "755");
    try {
      new InitScript(shell, machine, report).play(every);
    } finally {
      machine.link(SHELLS.dash.path, "/usr/bin/sh");
    }
  },
});

class InitScript {
  constructor(
    private readonly shell: Shell,
    private readonly machine: Machine,
    private readonly report: Report,
  ) {}

  play(every: boolean): void {
    this.clean();
    this.words();
    this.withoutRules();
    this.everyday();
    if (every) {
      this.badRules();
      this.saving();
      this.places();
      this.daemons();
    }
    this.badOptions();
    this.modules();
    this.missing();
    this.clean();
  }

  /** No files, an empty table, no daemons. */
  clean(): void {
    for (const path of [...Object.values(DEBIAN), "/etc/sysconfig"]) this.machine.remove(path);
    if (this.machine.daemons().length > 0) this.machine.change("--stop-daemon master\n--stop-daemon backup\n");
    this.machine.change("-C\n");
  }

  options(options: string, path = DEBIAN.options): void {
    this.machine.write(path, options);
  }

  rules(...rules: string[]): void {
    this.machine.write(DEBIAN.rules, lines(...rules));
  }

  /** Runs one action, and compares what it answers, and the table that stands then. */
  act(what: string, action: string, expected: Expected, table?: readonly string[]): void {
    const found = this.machine.run(SCRIPT, ...action.split(" ").filter((word) => word !== ""));
    const left = table === undefined ? [] : same("the table", table, this.machine.table());
    this.note(`${what}: ${action}`, [...problems(expected, found), ...left]);
  }

  note(what: string, found: readonly string[]): void {
    this.report.note(`init script, ${this.shell}: ${what}`, found);
  }

  words(): void {
    const misuse = (why: string) => ({ status: 2, stderr: `${why === "" ? "" : `ipvsadm-service: ${why}\n`}${USAGE}` });
    this.act("usage", "", misuse(""));
    this.act("usage", "frobnicate", misuse("frobnicate: unknown action"));
    this.act("usage", "start stop", misuse("stop: unexpected argument"));
    this.act("usage", "--help", { status: 0, stdout: USAGE });
  }

  withoutRules(): void {
    const neither = { status: 6, stderr: NO_RULES };
    this.act("no rules", "status", { status: 3, stdout: EMPTY });
    this.act("no rules", "start", neither);
    this.machine.change(lines(WEB, WEB_1));
    this.act("no rules, a table", "restart", neither, sorted(WEB, WEB_1));
    this.act("no rules, a table", "reload", neither, sorted(WEB, WEB_1));
    this.act("no rules, a table", "save", { status: 0, stdout: saved(DEBIAN.rules) });
    this.note("what was saved", same(DEBIAN.rules, [lines(WEB, WEB_1)], [this.machine.read(DEBIAN.rules) ?? ""]));
  }

  everyday(): void {
    this.clean();
    this.rules("# Comments are fine.", WEB, WEB_1, DNS, DNS_1);
    // The samples say what counts without them.
    this.machine.install(SHELLS[this.shell].sample, SHELLS[this.shell].options);
    const both = sorted(WEB, WEB_1, DNS, DNS_1);
    this.act("everyday", "start", { status: 0, stdout: restored(DEBIAN.rules) }, both);
    this.act("everyday", "start", { status: 0, stdout: restored(DEBIAN.rules) }, both);
    this.act("everyday", "status", { status: 0, stdout: /^IP Virtual Server version .*\nTCP  10\.99\.0\.100:80 wrr\n.*\nUDP  \[2001:db8:99::100\]:53 rr\n/s });
    this.kept(both);
    this.act("everyday", "try-restart", { status: 0, stdout: restored(DEBIAN.rules) }, sorted(WEB, WEB_2, DNS, DNS_1));
    this.act("everyday", "stop", { status: 0 }, []);
    this.act("everyday", "stop", { status: 0 }, []);
    this.act("everyday", "status", { status: 3, stdout: EMPTY });
    this.act("everyday", "restart", { status: 0, stdout: restored(DEBIAN.rules) }, sorted(WEB, WEB_2, DNS, DNS_1));
  }

  /** A connection and its counters, of a service that the new file has too, are there after a reload. */
  kept(both: readonly string[]): void {
    this.machine.must("bash", "-c", "echo >/dev/udp/2001:db8:99::100/53");
    const before = this.machine.must("/sbin/ipvsadm", "-Ln");
    this.rules(WEB, WEB_2, DNS, DNS_1);
    const changes = lines(WEB_2, "-d -t 10.99.0.100:80 -r 10.99.0.11:80");
    this.act("a server is replaced", "reload", { status: 0, stdout: restored(DEBIAN.rules), stderr: changes }, sorted(WEB, WEB_2, DNS, DNS_1));
    const after = this.machine.must("/sbin/ipvsadm", "-Ln");
    const dns = (list: string): string => list.slice(list.indexOf("UDP")).split("\n").slice(0, 2).join("\n");
    this.note("a connection survives a reload", [
      ...(/Masq +1 +0 +1 *$/.test(dns(before)) ? [] : [`before: ${before}`]),
      ...same("after", [dns(before)], [dns(after)]),
      ...same("the table before", both, both),
    ]);
  }

  badRules(): void {
    const table = sorted(WEB, WEB_1);
    this.machine.change(`-C\n${lines(WEB, WEB_1)}`);
    this.rules(WEB, "-a -t 10.99.0.100:80 -r 10.99.0.300 -g", `${DNS} nonsense`);
    const said = (why: string): string =>
      `ipvsadm-restore: ${DEBIAN.rules}:2:25: illegal real server address[:port] specified\nipvsadm-restore: ${DEBIAN.rules}:3:35: unexpected argument nonsense\nipvsadm-service: ${DEBIAN.rules} ${why}\n`;
    this.act("a bad file", "start", { status: 1, stderr: said("is not restored") }, table);
    this.act("a bad file", "force-reload", { status: 1, stderr: said("is not restored") }, table);
    this.act("a bad file", "restart", { status: 1, stderr: said("is bad: the table stands as it was") }, table);
    this.options('SKIP_BAD="yes"\n');
    const skipped = said("").split("\n").slice(0, 2).map((line) => `${line}: skipped\n`).join("");
    const partly = `ipvsadm-service: ${DEBIAN.rules} is restored, but for the lines that were skipped (SKIP_BAD="yes")\n`;
    this.act("SKIP_BAD", "start", { status: 0, stderr: skipped + partly }, table);
    // They are named before the table goes, and as it comes.
    this.act("SKIP_BAD", "restart", { status: 0, stderr: skipped + skipped + partly }, sorted(WEB));
    this.machine.remove(DEBIAN.options);
  }

  saving(): void {
    this.clean();
    this.rules(WEB, WEB_1);
    this.machine.change(lines(WEB, WEB_2));
    this.act("not asked to save", "stop", { status: 0 }, []);
    this.note("not asked to save", same(DEBIAN.rules, [lines(WEB, WEB_1)], [this.machine.read(DEBIAN.rules) ?? ""]));

    this.machine.change(lines(WEB, WEB_2));
    this.options('IPVS_SAVE_ON_RESTART="yes"\n');
    const both = saved(DEBIAN.rules) + restored(DEBIAN.rules);
    this.act("save on restart", "restart", { status: 0, stdout: both }, sorted(WEB, WEB_2));
    this.note("save on restart", same(DEBIAN.rules, [lines(WEB, WEB_2)], [this.machine.read(DEBIAN.rules) ?? ""]));

    this.options('IPVS_SAVE_ON_STOP="yes"\n');
    this.machine.change(lines(WEB_1));
    this.act("save on stop", "stop", { status: 0, stdout: saved(DEBIAN.rules) }, []);
    this.note("save on stop", same(DEBIAN.rules, [lines(WEB, WEB_1, WEB_2)], [this.machine.read(DEBIAN.rules) ?? ""]));
    // Nothing to save is no reason to lose what was saved.
    this.act("save on stop, when it is stopped", "stop", { status: 0 }, []);
    this.note("save on stop, again", same(DEBIAN.rules, [lines(WEB, WEB_1, WEB_2)], [this.machine.read(DEBIAN.rules) ?? ""]));
    this.act("an empty table", "save", { status: 1, stderr: /has rules, and the table is empty: not replaced.*\nipvsadm-service: \/etc\/ipvsadm\.rules is not the table that stands\n$/ });
  }

  /** Where Red Hat's and Debian's files are both there, Red Hat's count. */
  places(): void {
    this.clean();
    this.rules(WEB, WEB_1);
    this.machine.write(RED_HAT.rules, lines(WEB, WEB_2));
    this.options('AUTO="false"\n');
    const unread = (place: "rules" | "options"): string => `ipvsadm-service: ${DEBIAN[place]} is not read, for there is ${RED_HAT[place]}\n`;
    this.act("both rules, Debian's options", "start", { status: 0, stdout: `ipvsadm-service: AUTO="false" in ${DEBIAN.options}: the table is left alone\n` }, []);
    this.options('IPVS_STATUS_NUMERIC="no"\n', RED_HAT.options);
    this.act("both", "start", { status: 0, stdout: restored(RED_HAT.rules), stderr: unread("options") + unread("rules") }, sorted(WEB, WEB_2));
    this.machine.must("sh", "-c", "grep -q ' shop$' /etc/hosts || echo 10.99.0.100 shop >>/etc/hosts");
    this.act("both", "status", { status: 0, stdout: /^TCP  shop:http wrr$/m });
    this.machine.remove(DEBIAN.options);
    this.machine.remove(DEBIAN.rules);
    this.machine.change(lines(WEB_1));
    this.act("Red Hat's", "save", { status: 0, stdout: saved(RED_HAT.rules) });
    this.note("Red Hat's", same(RED_HAT.rules, [lines(WEB, WEB_1, WEB_2)], [this.machine.read(RED_HAT.rules) ?? ""]));
    // Where neither is there, the folder tells.
    this.machine.remove(RED_HAT.rules);
    this.act("a first save on Red Hat", "save", { status: 0, stdout: saved(RED_HAT.rules) });
  }

  daemons(): void {
    this.clean();
    const runs = (state: string, syncid: number): string => `ipvsadm-service: the ${state} daemon runs on eth0, syncid ${syncid}\n`;
    const listed = (state: string, syncid: number): RegExp => new RegExp(`^${state} sync daemon \\(mcast=eth0, syncid=${syncid}`);
    const alone = `ipvsadm-service: AUTO="false" in ${DEBIAN.options}: the table is left alone\n`;
    const check = (what: string, ...expected: RegExp[]): void => {
      const found = this.machine.daemons();
      this.note(what, found.length === expected.length && expected.every((one, at) => one.test(found[at] ?? "")) ? [] : [JSON.stringify(found)]);
    };

    this.options('AUTO="false"\nDAEMON="master"\nIFACE="eth0"\nSYNCID="7"\n');
    this.act("a master daemon", "start", { status: 0, stdout: alone + runs("master", 7) });
    check("a master daemon runs", listed("master", 7));
    this.act("it runs already", "start", { status: 0, stdout: alone });
    this.act("a master daemon", "status", { status: 0, stdout: /^master sync daemon \(mcast=eth0, syncid=7/m });
    this.machine.change(`${lines(WEB)}--start-daemon backup --mcast-interface eth0\n`);
    this.act("the table and the backup are others'", "stop", { status: 0 }, [WEB]);
    check("the backup goes on", listed("backup", 0));

    // A daemon is named in the rules, as ipvsadm-save --all writes it.
    this.rules(WEB, "--start-daemon backup --mcast-interface eth0 --syncid 3");
    this.machine.change("-C\n--stop-daemon backup\n");
    this.options('DAEMON="both"\nSYNCID="3"\n');
    this.act("both daemons", "start", { status: 0, stdout: restored(DEBIAN.rules) + runs("master", 3) }, [WEB]);
    check("both daemons run", listed("backup", 3), listed("master", 3));
    this.act("both daemons", "stop", { status: 0 }, []);
    check("no daemon runs");

    this.rules(WEB);
    this.options('DAEMON="master"\nIFACE="eth7"\n');
    this.act("no such interface", "start", { status: 1, stdout: restored(DEBIAN.rules), stderr: /.\nipvsadm-service: the master daemon does not run on eth7\n$/ }, [WEB]);
  }

  badOptions(): void {
    this.clean();
    this.machine.change(lines(WEB));
    const values = [
      ["AUTO", "yes", "is none of: true false"],
      ["DAEMON", "slave", "is none of: none master backup both"],
      ["SYNCID", "256", "is no number from 0 to 255"],
      ["SYNCID", "1 2", "is no number from 0 to 255"],
      ["IPVS_SAVE_ON_STOP", "true", "is none of: yes no"],
      ["IPVS_SAVE_ON_RESTART", "", "is none of: yes no"],
      ["IPVS_MODULES_UNLOAD", "1", "is none of: yes no"],
      ["IPVS_STATUS_NUMERIC", "N", "is none of: yes no"],
      ["SKIP_BAD", "true", "is none of: yes no"],
      ["IPVS_RELOAD_DRAIN", "-1", "is no number from 0 to 9999999"],
    ] as const;
    for (const [name, value, why] of values) {
      this.options(`${name}="${value}"\n`);
      this.act(`${name}=${value}`, "stop", { status: 6, stderr: `ipvsadm-service: ${DEBIAN.options}: ${name}="${value}" ${why}\n` });
    }
    this.act("a bad option", "status", { status: 4, stderr: /./ });
    for (const rule of ["-A -t 10.99.0.100:80 -s wrr", "  ipvsadm -a -t 10.99.0.100:80 -r 10.99.0.10", "--set 900 120 300"]) {
      this.options(`AUTO="true"\n${rule}\n`);
      this.act("rules among the options", "start", { status: 6, stderr: `ipvsadm-service: ${DEBIAN.options}:2: a rule, where options are expected: ${rule}\n` }, [WEB]);
    }
    this.options('AUTO="true\n');
    this.act("not a shell's", "stop", { status: 6, stderr: /ipvsadm: .*\nipvsadm-service: \/etc\/default\/ipvsadm: cannot be read to its end\n$/ }, [WEB]);
  }

  modules(): void {
    this.clean();
    this.rules(WEB, WEB_1);
    this.options('IPVS_MODULES_UNLOAD="yes"\n');
    const loaded = (): string[] => this.machine.must("sh", "-c", "ls /sys/module | grep '^ip_vs' || :").split("\n").filter((name) => name !== "");
    this.act("modules", "start", { status: 0, stdout: restored(DEBIAN.rules) }, sorted(WEB, WEB_1));
    this.note("modules are loaded", same("modules", ["ip_vs", "ip_vs_wrr"], loaded().filter((name) => name === "ip_vs" || name === "ip_vs_wrr")));
    this.act("modules", "stop", { status: 0 });
    this.note("modules are unloaded", same("modules", [], loaded()));
    this.act("no modules", "status", { status: 3, stdout: "ipvsadm-service: not running: IPVS is not in the kernel\n" });
    this.act("no modules", "stop", { status: 0 });
    this.act("modules come back", "restart", { status: 0, stdout: restored(DEBIAN.rules) }, sorted(WEB, WEB_1));
    const elsewhere: Words = ["unshare", "--net", "sh", "-c", `/sbin/ipvsadm ${WEB} && exec ${SCRIPT} stop`];
    // The stop is that of the other namespace: ours still needs the module.
    this.note("modules in use stay", [
      ...problems({ status: 1, stderr: /\nipvsadm-service: modules stay loaded: another program or network namespace uses them\n$/ }, this.machine.run(...elsewhere)),
      ...same("the table", sorted(WEB, WEB_1), this.machine.table()),
    ]);
  }

  missing(): void {
    this.clean();
    const nobody: Words = ["setpriv", "--reuid=65534", "--clear-groups", SCRIPT];
    const root = { status: 4, stderr: "ipvsadm-service: only root may do that\n" };
    for (const action of ["start", "status"]) this.note(`nobody: ${action}`, problems(root, this.machine.run(...nobody, action)));
    const service = "/usr/local/bin/ipvsadm-service";
    const file = "/usr/local/lib/node_modules/ipvsadm/system/ipvsadm-service";
    const said = `${SCRIPT}: ipvsadm-service is not installed: it is not in PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n`;
    this.machine.remove(service);
    this.act("not installed", "start", { status: 5, stderr: said });
    this.act("not installed", "status", { status: 4, stderr: said });
    this.machine.link(file, service);
  }
}
