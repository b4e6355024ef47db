/**
 * --skip-bad: lines that cannot be read, or that others contradict, are left
 * out and named, and what they may have asked for stays. And what is said of
 * names that the kernel does not have, of mixed families and of no rules.
 */
import { rules } from "../../differential/cases/case";
import type { RestoreOptions } from "../../../src/save-restore/restore";
import { tableDifferences } from "../differences";
import type { Suite } from "../lab";

const OLD = rules(
  "-A -t 10.0.0.1:80 -s wrr",
  "-a -t 10.0.0.1:80 -r 10.1.0.1:80 -m -w 1",
  "-a -t 10.0.0.1:80 -r 10.1.0.2:80 -m -w 2",
  "-A -t [2001:db8::1]:80 -s rr",
  "-a -t [2001:db8::1]:80 -r [2001:db8:1::1]:80 -m -w 1",
  "-A -f 5 -6 -s mh",
  "-a -f 5 -6 -r [2001:db8:1::1]:0 -g -w 1",
);
const [WEB = "", WEB_1 = "", WEB_2 = "", SIX = "", SIX_1 = "", MARK = "", MARK_1 = ""] = OLD.split("\n");
const NEW_SERVICE = "-A -u 10.0.0.3:53 -s rr";
const WRONG_SERVER = "illegal real server address[:port] specified";
const WRONG_SERVICE = "illegal virtual server address[:port] specified";
const DONE = 0;
const BAD = 2;
const SKIPPED = 3;
const REFUSED = 255;

interface Case {
  readonly name: string;
  readonly input: readonly string[];
  readonly options?: Partial<RestoreOptions>;
  /** With "stdin:" before each. */
  readonly said: readonly string[];
  readonly stdout?: readonly string[];
  readonly status?: number;
  readonly then: readonly string[];
}

const skipped = (name: string, input: readonly string[], said: readonly string[], then: readonly string[]): Case => ({
  name,
  input,
  options: { skipBad: true },
  said: said.map((line) => `${line}: skipped`),
  status: SKIPPED,
  then,
});

const ALL = [WEB, WEB_1, WEB_2, SIX, SIX_1, MARK, MARK_1];
const OTHERS = [SIX, SIX_1, MARK, MARK_1];

const CASES: readonly Case[] = [
  { name: "nothing is bad", input: [WEB, WEB_1], options: { skipBad: true }, said: [], status: DONE, then: [WEB, WEB_1] },
  skipped(
    "a name of a server that does not resolve: its service loses no server, others do",
    [WEB, "-a -t 10.0.0.1:80 -r nosuch.invalid:80 -m", "-a -t 10.0.0.1:80 -r 10.1.0.3:80 -m -w 1", SIX],
    [`2:22: ${WRONG_SERVER}`],
    [WEB, WEB_1, WEB_2, "-a -t 10.0.0.1:80 -r 10.1.0.3:80 -m -w 1", SIX],
  ),
  skipped(
    "a name of a service that does not resolve: what the input does not name stays",
    ["-A -t nosuch.invalid:80", "-a -t nosuch.invalid:80 -r 10.1.0.1:80 -m", WEB, WEB_1],
    [`1:7: ${WRONG_SERVICE}`, `2:7: ${WRONG_SERVICE}`],
    [WEB, WEB_1, ...OTHERS],
  ),
  skipped(
    "a service that cannot be read stands as it is, with all of its lines",
    ["-A -t 10.0.0.1:80 -s sh -b nosuch", "-a -t 10.0.0.1:80 -r 10.1.0.9:80 -m", NEW_SERVICE],
    ["1:28: invalid scheduler flag `nosuch'", "2:1: its service was to be added in line 1"],
    [WEB, WEB_1, WEB_2, NEW_SERVICE],
  ),
  skipped(
    "the same, by IPv6 and by mark",
    ["-A -t [2001:db8::1]:80 --bogus", "-a -t [2001:db8::1]:80 -r [2001:db8:1::9]:80 -m", "-A -f 5 -6 -M 200", "-a -f 5 -6 -r [2001:db8:1::9]:0 -g", NEW_SERVICE],
    ["1:24: --bogus: unknown option", "2:1: its service was to be added in line 1", "3:15: illegal ipv6 netmask specified", "4:1: its service was to be added in line 3"],
    [...OTHERS, NEW_SERVICE],
  ),
  skipped(
    "a bad service that the kernel does not have is not made",
    ["-A -t 10.0.0.7:80 --bogus", "-a -t 10.0.0.7:80 -r 10.1.0.9:80 -m", WEB, WEB_1],
    ["1:19: --bogus: unknown option", "2:1: its service was to be added in line 1"],
    [WEB, WEB_1],
  ),
  skipped(
    "of two lines for one server the first counts",
    [WEB, "-a -t 10.0.0.1:80 -r 10.1.0.1:80 -m -w 7", WEB_1, SIX, SIX_1],
    ["3:1: Destination already exists"],
    [WEB, WEB_1.replace("-w 1", "-w 7"), WEB_2, SIX, SIX_1],
  ),
  skipped(
    "of two lines for one service the first counts, and its servers stay",
    [WEB, WEB_1, "-A -t 10.0.0.1:80 -s rr", "-a -t 10.0.0.1:80 -r 10.1.0.3:80 -m -w 1"],
    ["3:1: Service already exists"],
    [WEB, WEB_1, WEB_2, "-a -t 10.0.0.1:80 -r 10.1.0.3:80 -m -w 1"],
  ),
  skipped("a server of a service that no line adds: that one stays", ["-a -t 10.0.0.1:80 -r 10.1.0.9:80 -m", NEW_SERVICE], ["1:1: Service not defined"], [WEB, WEB_1, WEB_2, NEW_SERVICE]),
  skipped("a line that says nothing: nothing leaves", ["nonsense", NEW_SERVICE], ["1:1: no command: nonsense"], [...ALL, NEW_SERVICE]),
  skipped("bytes: nothing leaves", ["-A -t 10.0.0.\0:80", NEW_SERVICE], ["1:14: a NUL byte"], [...ALL, NEW_SERVICE]),
  skipped("bad timeouts and daemons, a list and a bad comment are nothing to services", ["--set 1 2", "--start-daemon both", "-L -n", "# \0", NEW_SERVICE], ["1:1: --set option requires 3 timeout values", "2:16: illegal start-daemon parameter specified", "3:1: no rule of a table", "4:3: a NUL byte"], [NEW_SERVICE]),
  skipped("thresholds that contradict each other", [WEB, WEB_1, "-a -t 10.0.0.1:80 -r 10.1.0.3:80 -m -x 5 -y 6"], ["3:1: Numerical result out of range"], [WEB, WEB_1, WEB_2]),
  {
    name: "all lines are bad: nothing changes",
    input: ["-A -t 10.0.0.1:80 --bogus"],
    options: { skipBad: true },
    said: ["stdin:1:19: --bogus: unknown option: skipped", "stdin: no rules: nothing changes"],
    status: SKIPPED,
    then: ALL,
  },
  { name: "--dry-run", input: [WEB, WEB_1, "x"], options: { skipBad: true, mode: "dry-run" }, said: ["stdin:3:1: no command: x: skipped"], stdout: [], status: SKIPPED, then: ALL },
  { name: "--test", input: [WEB, "x"], options: { skipBad: true, mode: "test" }, said: ["stdin:2:1: no command: x: skipped"], status: SKIPPED, then: ALL },
  { name: "--drain", input: [WEB, "-a -t 10.0.0.1:80 -r x:80 -m"], options: { skipBad: true, drain: 1 }, said: [`stdin:2:22: ${WRONG_SERVER}: skipped`], status: SKIPPED, then: [WEB, WEB_1, WEB_2] },
  { name: "without it, nothing changes", input: [WEB, "x"], said: ["stdin:2:1: no command: x"], status: BAD, then: ALL },

  { name: "no rules", input: [], said: ["stdin: no rules: nothing changes"], then: ALL },
  { name: "no rules, --test", input: ["# nothing"], options: { mode: "test" }, said: ["stdin: no rules"], then: ALL },
  { name: "no rules, --clear", input: [], options: { clear: true }, said: ["stdin: no rules: the table is cleared"], then: [] },

  {
    name: "names that no Linux has, --test",
    input: ["-A -t 10.0.0.8:80 -s wlv", "-A -t 10.0.0.9:80 -s wlv", "-A -u 10.0.0.8:53 -s rr -p --pe spi"],
    options: { mode: "test" },
    said: ["stdin:1:1: warning: no Linux has a scheduler wlv", "stdin:3:1: warning: no Linux has a persistence engine spi"],
    then: ALL,
  },
  { name: "names that Linux has, --test", input: ["rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed", "nq", "fo", "ovf", "mh", "twos"].map((name, index) => `-A -f ${index + 1} -s ${name} -p --pe sip`), options: { mode: "test" }, said: [], then: ALL },
  {
    name: "names that this kernel does not have, --dry-run",
    input: [...ALL, "-A -t 10.0.0.8:80 -s wlv", "-A -u 10.0.0.8:53 -s lblcr -p 360 --pe spi"],
    options: { mode: "dry-run" },
    said: ["stdin:8:1: warning: scheduler wlv is neither loaded nor among this kernel's modules", "stdin:9:1: warning: persistence engine spi is neither loaded nor among this kernel's modules"],
    stdout: ["-A -t 10.0.0.8:80 -s wlv", "-A -u 10.0.0.8:53 -s lblcr -p 360 --pe spi"],
    then: ALL,
  },
];

const MASTER = "--start-daemon master --mcast-interface lo --syncid 7";
const MIXED = "-a -t 10.0.0.1:80 -r [2001:db8:1::5]:80 -i -w 1 --tun-type ipip";
const MIXED_MARK = "-a -f 5 -6 -r 10.1.0.5:0 -i -w 1 --tun-type ipip";
const CAUSE = "IPVS has either servers of another family than their service or a synchronisation daemon";
const STANDS = ": the old table stands";

/** The kernel refuses what comes second, and does not say why. */
const FAMILIES: readonly (Case & { readonly before: readonly string[] })[] = [
  ...(["dry-run", "restore"] as const).flatMap((mode) => {
    const end = mode === "dry-run" ? ": it would be refused" : STANDS;
    return [
      { name: `a mixed server beside a daemon that runs, ${mode}`, before: [...ALL, MASTER], input: [...ALL, MIXED], options: { mode }, said: [`stdin:8:1: ${CAUSE}, and its master daemon runs${end}`], ...(mode === "dry-run" ? { stdout: [MIXED] } : {}), status: REFUSED, then: [...ALL, MASTER] },
      { name: `the same by mark and IPv6, ${mode}`, before: [...ALL, MASTER], input: [...ALL, MIXED_MARK], options: { mode }, said: [`stdin:8:1: ${CAUSE}, and its master daemon runs${end}`], ...(mode === "dry-run" ? { stdout: [MIXED_MARK] } : {}), status: REFUSED, then: [...ALL, MASTER] },
      { name: `a daemon beside a mixed server that stays, --noflush, ${mode}`, before: [...ALL, MIXED], input: [MASTER], options: { mode, keep: true }, said: [`stdin:1:1: ${CAUSE}, and -t 10.0.0.1:80 has [2001:db8:1::5]:80${end}`], ...(mode === "dry-run" ? { stdout: [MASTER] } : {}), status: REFUSED, then: [...ALL, MIXED] },
    ];
  }),
  { name: "a daemon, and a mixed server that leaves", before: [...ALL, MIXED], input: [...ALL, MASTER], said: [], then: [...ALL, MASTER] },
  { name: "a file of both, the daemon first", before: ALL, input: [MASTER, ...ALL, MIXED], said: [`stdin:9:1: ${CAUSE}, and its master daemon runs`], status: BAD, then: ALL },
  { name: "a file of both, the server first, --test", before: ALL, input: [...ALL, MIXED, MASTER], options: { mode: "test" }, said: [`stdin:9:1: ${CAUSE}, and -t 10.0.0.1:80 has [2001:db8:1::5]:80`], status: BAD, then: ALL },
  { name: "--clear beside a daemon that runs", before: [MASTER], input: [WEB, MIXED], options: { clear: true }, said: [`stdin:2:1: ${CAUSE}, and its master daemon runs: the table was cleared, and holds a part of the input`], status: REFUSED, then: [WEB, MASTER] },
];

export const skipBad: Suite = {
  name: "skip-bad",
  run: async (lab, report) => {
    for (const one of [...CASES.map((one) => ({ before: ALL, ...one })), ...FAMILIES]) {
      const { name, before, input, options, said, stdout, status = DONE, then } = one;
      await lab.become(rules(...then));
      const wanted = await lab.table();
      await lab.become(rules(...before));
      const found = await lab.restore(rules(...input), options);
      const lines = said.map((line) => (/^[0-9]/.test(line) ? `stdin:${line}` : line));
      report.note(`skip-bad: ${name}`, [
        ...compare("stderr", lines, found.stderr),
        ...(stdout === undefined ? [] : compare("stdout", stdout, found.stdout)),
        ...(found.status === status ? [] : [`status ${found.status} instead of ${status}`]),
        ...tableDifferences(wanted, await lab.table()),
      ]);
    }
    await lab.stopDaemons();
  },
};

function compare(what: string, wanted: readonly string[], found: string): string[] {
  const text = wanted.map((line) => `${line}\n`).join("");
  if (what === "stderr" ? text === found : [...wanted].sort().join("\n") === found.trimEnd().split("\n").sort().join("\n")) return [];
  return [`${what} should be: ${JSON.stringify(text)}`, `${what} is:        ${JSON.stringify(found)}`];
}
