/** What cannot be done: one line says why, and nothing is changed. */
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Report } from "../../differential/suites/suite";
import { execute, type Namespace, problems, RECORDS, type Suite } from "../lab";

/** Words of lvs-realserver, and what it says of them. */
const BAD_INPUT: readonly (readonly [words: string, message: string])[] = [
  ["", "a command is missing (start, stop, restart, status, watch)\nTry `lvs-realserver --help' for more information."],
  ["begin 192.0.2.1", "begin: unknown command (start, stop, restart, status, watch)\nTry `lvs-realserver --help' for more information."],
  ["start", "start: a VIP is missing"],
  ["stop", "stop: a VIP is missing (--all stops every one)"],
  ["stop --all 192.0.2.1", "--all: not with a VIP (192.0.2.1)"],
  ["start 192.0.2.1/24", "192.0.2.1/24: a VIP has no prefix length (192.0.2.1)"],
  ["start 192.0.2.1/32", "192.0.2.1/32: a VIP has no prefix length (192.0.2.1)"],
  ["start 2001:db8::1/64", "2001:db8::1/64: a VIP has no prefix length (2001:db8::1)"],
  ["start 224.0.0.1", "224.0.0.1: cannot be a VIP: it is a multicast address"],
  ["start 239.255.255.255", "239.255.255.255: cannot be a VIP: it is a multicast address"],
  ["start ff02::1", "ff02::1: cannot be a VIP: it is a multicast address"],
  ["start 0.0.0.0", "0.0.0.0: cannot be a VIP: it is the unspecified address"],
  ["start 0.1.2.3", "0.1.2.3: cannot be a VIP: it is an address of this network, 0.0.0.0/8"],
  ["start ::", "::: cannot be a VIP: it is the unspecified address"],
  ["start 127.0.0.1", "127.0.0.1: cannot be a VIP: it is a loopback address"],
  ["start ::1", "::1: cannot be a VIP: it is the loopback address"],
  ["start 255.255.255.255", "255.255.255.255: cannot be a VIP: it is the broadcast address"],
  ["start fe80::1", "fe80::1: cannot be a VIP: it is a link-local address"],
  ["start ::ffff:192.0.2.1", "::ffff:192.0.2.1: cannot be a VIP: it is an IPv4 address: write it as one"],
  ["start 192.0.2", '192.0.2: not an IP address'],
  ["start 192.0.2.256", '192.0.2.256: not an IP address'],
  ["start 192.0.2.01", '192.0.2.01: not an IP address'],
  ["start 192.0.2.1:80", '192.0.2.1:80: not an IP address'],
  ["start [2001:db8::1]", '[2001:db8::1]: not an IP address'],
  ["start 2001:db8::1%eth0", '2001:db8::1%eth0: not an IP address'],
  ["start www.example.com", 'www.example.com: not an IP address'],
  ["start 192.0.2.1 192.0.2.999", '192.0.2.999: not an IP address'],
  ["start 192.0.2.1 --tunnel vxlan", '--tunnel: "vxlan" is not a type of tunnel (ipip, gre, gue)'],
  ["start 192.0.2.1 --tunnel", "--tunnel: missing argument\nTry `lvs-realserver --help' for more information."],
  ["start 192.0.2.1 --tunnel ipip --tunnel gre", "--tunnel: given more than once: ipip, gre"],
  ["start 192.0.2.1 --port 6080", "--port: only with --tunnel gue"],
  ["start 192.0.2.1 --tunnel gre --port 6080", "--port: not with --tunnel gre, but with --tunnel gue"],
  ["start 192.0.2.1 --tunnel gue --port 0", '--port: "0" is not a port (1 to 65535)'],
  ["start 192.0.2.1 --tunnel gue --port 65536", '--port: "65536" is not a port (1 to 65535)'],
  ["start 192.0.2.1 --tunnel gue --port 0x17c0", '--port: "0x17c0" is not a port (1 to 65535)'],
  ["start 192.0.2.1 --tunnel gue --port -1", '--port: "-1" is not a port (1 to 65535)'],
  ["start 192.0.2.1 --mask 24", "--mask: unknown option\nTry `lvs-realserver --help' for more information."],
  ["start 192.0.2.1 --json", "--json: not with start, but with status"],
  ["start 192.0.2.1 --all", "--all: not with start, but with stop"],
  ["stop 192.0.2.1 --tunnel ipip", "--tunnel: not with stop, but with start, restart, status"],
  ["status --persist", "--persist: not with status, but with start, stop"],
  ["restart 192.0.2.1 --persist", "--persist: not with restart, but with start, stop"],
  ["status --interval 5", "--interval: not with status, but with watch"],
  ["watch --dry-run", "--dry-run: not with watch, but with start, stop, restart"],
  ["watch --interval 0", '--interval: "0" is not a number of seconds (1 to 86400)'],
  ["watch --interval 86401", '--interval: "86401" is not a number of seconds (1 to 86400)'],
  ["watch --interval 1.5", '--interval: "1.5" is not a number of seconds (1 to 86400)'],
  ["watch 192.0.2.1/32", "192.0.2.1/32: a VIP has no prefix length (192.0.2.1)"],
];

export const refused: Suite = {
  name: "refused",
  run: (lab, report) =>
    lab.within(1, async (machine) => {
      // A bad input must not even find what was started: it is left as it is.
      const before = await machine.snapshot();
      for (const [words, message] of BAD_INPUT) {
        const outcome = await machine.realServer(...words.split(" ").filter((word) => word !== ""));
        report.note(`refused: ${words}`, problems(outcome, { status: 2, stderr: `lvs-realserver: ${message}\n` }));
      }
      report.note("refused: an empty word", problems(await machine.realServer("start", ""), { status: 2, stderr: 'lvs-realserver: "": not an IP address\n' }));
      report.note("refused: bad input changes nothing", [...(await machine.since(before)), ...recordsLeft()]);
      await privileges(report, machine);
      await readOnly(report, machine);
      await undone(report, machine);
      await damaged(report, machine);
    }),
};

const recordsLeft = (): string[] =>
  existsSync(RECORDS) ? readdirSync(RECORDS).filter((name) => name !== "lock").map((name) => `left: ${name}`) : [];

const REAL_SERVER = join(process.cwd(), "bin/lvs-realserver");

async function privileges(report: Report, machine: Namespace): Promise<void> {
  const before = await machine.snapshot();
  const without = ["setpriv", "--bounding-set=-net_admin", "--inh-caps=-net_admin", "--", REAL_SERVER];
  const message = "lvs-realserver: not permitted: changing the network takes CAP_NET_ADMIN, as root has\n";
  for (const words of [["start", "192.0.2.1"], ["start", "2001:db8::1"], ["stop", "192.0.2.1"], ["restart", "192.0.2.1"]]) {
    report.note(`refused: ${words.join(" ")} without privileges`, problems(await execute(machine.words(...without, ...words)), { status: 1, stderr: message }));
  }
  const status = await execute(machine.words(...without, "status", "192.0.2.1"));
  report.note("refused: no privileges, and status tells all the same", status.status === 3 && status.stderr === "" ? [] : [JSON.stringify(status)]);
  report.note("refused: no privileges change nothing", [...(await machine.since(before)), ...recordsLeft()]);
}

async function readOnly(report: Report, machine: Namespace): Promise<void> {
  const script = `mount -o bind /proc/sys /proc/sys && mount -o remount,ro,bind /proc/sys && exec "$@"`;
  const inside = (...words: string[]): string[] => machine.words("unshare", "-m", "sh", "-c", script, "sh", REAL_SERVER, ...words);
  const before = await machine.snapshot();
  const message = "lvs-realserver: /proc/sys/net/ipv4/conf/all/arp_ignore is read-only\n";
  for (const options of [[], ["--tunnel", "ipip"], ["--tunnel", "gue"]]) {
    const outcome = await execute(inside("start", ...options, "192.0.2.1"));
    report.note(`refused: /proc/sys is read-only ${options.join(" ")}`, [...problems(outcome, { status: 1, stderr: message }), ...(await machine.since(before)), ...recordsLeft()]);
  }
  await machine.realServer("start", "192.0.2.1");
  const started = await machine.snapshot();
  const stop = await execute(inside("stop", "192.0.2.1"));
  report.note("refused: stop with a read-only /proc/sys", [
    ...problems(stop, { status: 1, stderr: "lvs-realserver: /proc/sys/net/ipv4/conf/lo/arp_announce is read-only\n" }),
    ...(await machine.since(started)),
  ]);
  await machine.realServer("stop", "192.0.2.1");
  report.note("refused: and once it can be written, stop restores all", await machine.since(before));
}

/** What fails in the middle takes back what it did. */
async function undone(report: Report, machine: Namespace): Promise<void> {
  await machine.must("sysctl -qw net.ipv6.conf.ip6tnl0.disable_ipv6=1; ip link set ip6tnl0 up; ip link set ip6tnl0 down; ip fou add port 6081 ipproto 4");
  const before = await machine.snapshot();
  const late = await machine.realServer("start", "192.0.2.1", "2001:db8::1", "--tunnel", "gue");
  const off = "net.ipv6.conf.ip6tnl0.disable_ipv6";
  report.note("refused: a device whose IPv6 is switched off", [
    ...problems(late, { status: 1, stderr: `lvs-realserver: ip6tnl0: IPv6 is switched off (${off} is 1): sysctl -w ${off}=0\n` }),
    ...(await machine.since(before)),
    ...recordsLeft(),
  ]);
  const taken = await machine.realServer("start", "192.0.2.1", "--tunnel", "gue", "--port", "6081");
  report.note("refused: a port that unwraps something else", [
    ...problems(taken, { status: 1, stderr: "lvs-realserver: UDP port 6081 unwraps another encapsulation than GUE already\n" }),
    ...(await machine.since(before)),
    ...recordsLeft(),
  ]);
  await machine.must("sysctl -qw net.ipv6.conf.ip6tnl0.disable_ipv6=0; ip fou del port 6081");
}

/** A record that cannot be read is not believed, and not lost. */
async function damaged(report: Report, machine: Namespace): Promise<void> {
  await machine.realServer("start", "192.0.2.1");
  const [name = ""] = readdirSync(RECORDS).filter((file) => file.endsWith(".json"));
  const path = join(RECORDS, name);
  const text = readFileSync(path, "utf8");
  const started = await machine.snapshot();
  const damages: Readonly<Record<string, string>> = {
    empty: "",
    "cut short": text.slice(0, text.length / 2),
    "another version": text.replace('"version": 1', '"version": 2'),
    "an unknown kind": text.replace('"kind": "sysctl"', '"kind": "spoon"'),
    "a key that leaves /proc/sys": text.replace('"key": "net/ipv4/conf/all/arp_ignore"', '"key": "../../etc/passwd"'),
    "without what it needs": text.replace("sysctl net/ipv4/conf/all/arp_ignore", "sysctl net/ipv4/conf/all/spoon"),
    "a state that is none": text.replace('"present": false', '"present": "perhaps"'),
    "no list": text.replace(/"entries": \[[^]*\]/, '"entries": 7'),
  };
  for (const [what, damage] of Object.entries(damages)) {
    writeFileSync(path, damage);
    for (const command of ["start", "stop", "status"]) {
      const outcome = await machine.realServer(command, "192.0.2.1");
      const stderr = `lvs-realserver: ${path} is damaged: what was there before is unknown (remove it to go on without)\n`;
      report.note(`refused: a record that is ${what}: ${command}`, problems(outcome, { status: 1, stderr }));
    }
    if (readFileSync(path, "utf8") !== damage) report.note(`refused: a record that is ${what} was changed`, ["it is another"]);
  }
  report.note("refused: a damaged record changes nothing", await machine.since(started));
  writeFileSync(path, text);
  report.note("refused: the record whole again", problems(await machine.realServer("stop", "192.0.2.1")));
}
