/** ipvsadm -R: each line a command, in order; all are read before the first is carried out. */
import { rules } from "../../differential/cases/case";
import { tableDifferences } from "../differences";
import { type Lab, type Suite } from "../lab";

const OLD = rules("-A -t 10.0.0.1:80 -s wrr", "-a -t 10.0.0.1:80 -r 10.1.0.1 -m -w 3");
const MANY = Array.from({ length: 1_500 }, (_, number) => `-A -u 10.3.${number >> 8}.${number & 255}:53 -s rr`);
const USAGE = 2;
const REFUSED = 255;

interface Order {
  readonly name: string;
  readonly input: string;
  readonly stdout?: string;
  readonly stderr: string;
  readonly status: number;
  /** The table in the end. */
  readonly then: string;
}

const bad = (name: string, input: string, ...said: string[]): Order => ({
  name,
  input,
  stderr: said.map((problem) => `stdin:${problem}\n`).join(""),
  status: USAGE,
  then: OLD,
});

const partly = (name: string, lines: readonly string[], then: readonly string[], ...said: string[]): Order => ({
  name,
  input: rules(...lines),
  stderr: said.map((problem) => `stdin:${problem}\n`).join(""),
  status: said.length === 0 ? 0 : REFUSED,
  then: OLD + rules(...then),
});

const without = (lines: readonly string[], ...indices: number[]): string[] => lines.filter((_, index) => !indices.includes(index));
const doubled = MANY.map((line, index) => ([0, 700, 1_200, 1_499].includes(index) ? "-A -t 10.0.0.1:80 -s wrr" : line));
const EXISTS = "Service already exists";

const ORDERS: readonly Order[] = [
  bad("a bad last line", rules("-C", ...MANY.slice(0, 50), "-A -t 10.0.0.9:80 --bogus"), "52:19: --bogus: unknown option"),
  bad("a bad first line", rules("nonsense", "-C"), "1:1: no command: nonsense"),
  bad("two bad lines", rules("-C", "-A -t 10.0.0.300:80", "-Z", "-a -t 10.0.0.1:80 -r 10.1.0.2 -w x"), "2:7: illegal virtual server address[:port] specified", "4:34: illegal weight specified"),
  bad("a comment that is indented", rules("-C", " # no comments here"), "2:2: no command: #"),
  bad("a comment, and a bad line", rules("# a comment", "-C", "#another", "-A -t"), "4:4: -t: missing argument"),
  bad("a NUL byte", "-C\n-A -t 10.0.0.9:80\0\n", "2:18: a NUL byte"),
  bad("a megabyte of a line", `-C\n${"x".repeat(1 << 20)}`, `2:8193: a line of ${1 << 20} bytes is no rule`),
  bad("a restore within a restore", rules("-C", "-R", "-A -t 10.0.0.9:80"), "2:1: a restore within a restore"),
  bad("a restore within a restore, and a bad line", rules("-C", "-R", "--bogus"), "2:1: a restore within a restore", "3:1: no command: --bogus"),
  bad("a bad line behind help", rules("-C", "-h", "--bogus"), "3:1: no command: --bogus"),
  bad("a carriage return does not hide a bad value", "-C\r\n-A -t 10.0.0.9:80 -p x\r\n", "2:22: invalid timeout value `x' specified"),

  partly("all good", MANY, MANY),
  partly("comments", ["# a comment", "#-C", "-A -f 1", "#"], ["-A -f 1"]),
  partly("a service that is there", ["-A -t 10.0.0.1:80", "-A -f 1"], ["-A -f 1"], `1:1: ${EXISTS}`),
  partly("the last line", ["-A -f 1", "  ipvsadm -A -t 10.0.0.1:80"], ["-A -f 1"], `2:11: ${EXISTS}`),
  partly("among many", doubled, without(MANY, 0, 700, 1_200, 1_499), ...[1, 701, 1_201, 1_500].map((line) => `${line}:1: ${EXISTS}`)),
  partly(
    "each kind",
    [
      "-A -t 10.0.0.2:80 -s nosuch",
      "-a -t 10.0.0.2:80 -r 10.1.0.1 -m",
      "-E -f 9 -s rr",
      "-D -f 9",
      "-a -t 10.0.0.1:80 -r 10.1.0.1 -m",
      "-e -t 10.0.0.1:80 -r 10.1.0.2 -m",
      "-d -t 10.0.0.1:80 -r 10.1.0.2",
      "-a -t 10.0.0.1:80 -r 224.0.0.1 -m",
      "-a -t 10.0.0.1:80 -r 10.1.0.2 -m -y 1",
      "--stop-daemon master",
      "--start-daemon master --mcast-interface nosuch0",
      "-Z -f 9",
      "",
      "-A -f 1",
    ],
    ["-A -f 1"],
    "1:1: Scheduler or persistence engine not found",
    "2:1: Service not defined",
    "3:1: No such service",
    "4:1: No such service",
    "5:1: Destination already exists",
    "6:1: No such destination",
    "7:1: No such destination",
    "8:1: Invalid operation.  Possibly wrong module version, address not unicast, ...",
    "9:1: Numerical result out of range",
    "10:1: No daemon is running",
    "11:1: No such device",
    "12:1: No such service",
  ),
  { name: "a refusal, then a list", input: rules("-A -t 10.0.0.1:80", "-A -f 1", "-S -n", "-A -f 2"), stdout: rules("-A -t 10.0.0.1:80 -s wrr", "-a -t 10.0.0.1:80 -r 10.1.0.1:80 -m -w 3", "-A -f 1 -s wlc"), stderr: `stdin:1:1: ${EXISTS}\n`, status: REFUSED, then: OLD + rules("-A -f 1", "-A -f 2") },
  { name: "in order", input: rules("-A -f 1", "-D -f 1", "-A -f 1 -s rr", "-a -f 1 -r 10.1.0.1 -g", "-C", "-A -f 2"), stderr: "", status: 0, then: rules("-A -f 2") },
];

export const inOrder: Suite = {
  name: "ipvsadm -R",
  run: async (lab, report) => {
    for (const { name, input, stdout = "", stderr, status, then } of ORDERS) {
      const wanted = await tableOf(lab, then);
      await lab.become(OLD);
      const found = await lab.rig.subject(["-R"], input);
      const problems = ([["stdout", stdout, found.stdout], ["stderr", stderr, found.stderr], ["status", status, found.status]] as const).flatMap(
        ([part, should, is]) => (should === is ? [] : [`${part} should be: ${JSON.stringify(should).slice(0, 1000)}`, `${part} is:        ${JSON.stringify(is).slice(0, 1000)}`]),
      );
      report.note(`ipvsadm -R: ${name}`, [...problems, ...tableDifferences(wanted, await lab.table())]);
    }
  },
};

async function tableOf(lab: Lab, rules: string): Promise<string[]> {
  await lab.become(rules);
  return lab.table();
}
