/** The kernel refuses a step in the middle: the old table stands, byte for byte, and the message names the line. */
import { rules } from "../../differential/cases/case";
import { tableDifferences } from "../differences";
import { type Lab, RESTORE, type Suite } from "../lab";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

const SERVICES = 60;
const service = (number: number): string => `-t 10.0.${number}.1:80`;
const server = (number: number, which: number): string => `-r 10.1.${number}.${which}:80 -m`;

/** Services of three servers, timeouts and a daemon. */
const OLD = rules(
  "--set 500 50 40",
  "--start-daemon master --mcast-interface eth0 --syncid 5 --mcast-ttl 3",
  ...Array.from({ length: SERVICES }, (_, number) => [
    `-A ${service(number)} -s wrr`,
    ...[1, 2, 3].map((which) => `-a ${service(number)} ${server(number, which)} -w ${which}`),
  ]).flat(),
);

/** The other one: a sixth of the services is gone, the rest is changed in some way or not at all, new ones come. */
const changed = (number: number): string[] => {
  const [one, two, three, four] = [1, 2, 3, 4].map((which) => `-a ${service(number)} ${server(number, which)}`);
  switch (number % 6) {
    case 0: return [];
    case 1: return [`-A ${service(number)} -s lc -p 60`, `${one} -w 1`, `${two} -w 2`, `${three} -w 3`];
    case 2: return [`-A ${service(number)} -s wrr`, `${two} -w 2`, `${three} -w 3`, `${four} -w 4`];
    case 3: return [`-A ${service(number)} -s wrr`, `${one} -w 10 -x 100 -y 50`, `${two} -w 2`, `${three} -w 0`];
    case 4: return [`-A ${service(number)} -s wrr`];
    default: return [`-A ${service(number)} -s wrr`, `${one} -w 1`, `${two} -w 2`, `${three} -w 3`];
  }
};
const CHANGED = [
  "--set 600 60 50",
  "--start-daemon master --mcast-interface lo --syncid 6",
  "--start-daemon backup --mcast-interface lo --syncid 7",
  ...Array.from({ length: SERVICES }, (_, number) => changed(number)).flat(),
];
const NEW = Array.from({ length: SERVICES }, (_, number) => [`-A -f ${number + 1} -s sh`, `-a -f ${number + 1} ${server(number, 9)}`]).flat();
/** More steps than are sent between two looks around. */
const MANY = Array.from({ length: 1_200 }, (_, number) => [`-A -u 10.3.${number >> 8}.${number & 255}:53 -o`]).flat();

const REFUSED = 255;
const NO_SCHEDULER = "Scheduler or persistence engine not found";
const INVALID = "Invalid operation.  Possibly wrong module version, address not unicast, ...";

interface Refusal {
  readonly name: string;
  /** The last of these is refused. */
  readonly lines: readonly string[];
  readonly message: string;
}
const REFUSALS: readonly Refusal[] = [
  { name: "a new service's scheduler", lines: ["-A -t 10.9.0.1:80 -s nosuch"], message: NO_SCHEDULER },
  { name: "a changed service's scheduler", lines: ["-D -t 10.0.5.1:80", "-A -t 10.0.5.1:80 -s nosuch"], message: NO_SCHEDULER },
  { name: "an edited service's scheduler", lines: ["-E -t 10.0.5.1:80 -s nosuch"], message: NO_SCHEDULER },
  { name: "a persistence engine", lines: ["-A -u 10.9.0.1:5060 -s rr -p 60 --pe nosuch"], message: NO_SCHEDULER },
  { name: "a multicast server", lines: ["-a -t 10.0.5.1:80 -r 224.0.0.5:80 -m"], message: INVALID },
  { name: "a broadcast server", lines: ["-A -t 10.9.0.1:80", "-a -t 10.9.0.1:80 -r 255.255.255.255 -g"], message: INVALID },
  { name: "a server without an address", lines: ["-a -t 10.0.5.1:80 -r 0.0.0.0:80 -m"], message: INVALID },
  { name: "a multicast server by IPv6", lines: ["-A -t [2001:db8::9]:80", "-a -t [2001:db8::9]:80 -r [ff02::1]:80 -m"], message: INVALID },
  { name: "a daemon's interface", lines: ["--stop-daemon backup", "--start-daemon backup --mcast-interface nosuch0"], message: "No such device" },
  { name: "a changed daemon's interface", lines: ["--stop-daemon master", "--start-daemon master --mcast-interface nosuch0"], message: "No such device" },
];

export const refused: Suite = {
  name: "refused",
  run: async (lab, report) => {
    await lab.become(OLD);
    const before = await lab.table();
    const check = async (name: string, input: readonly string[], line: number, message: string): Promise<void> => {
      const { stdout, stderr, status } = await lab.restore(rules(...input), {}, "/etc/ipvsadm.rules");
      const wanted = `/etc/ipvsadm.rules:${line}:1: ${message}: the old table stands\n`;
      report.note(`refused: ${name}`, [
        ...(stderr === wanted ? [] : [`should be said: ${wanted.trimEnd()}`, `was said:       ${stderr.trimEnd().slice(0, 1000)}`]),
        ...(status === REFUSED && stdout === "" ? [] : [`status ${status}, stdout ${JSON.stringify(stdout)}`]),
        ...tableDifferences(before, await lab.table()),
      ]);
    };
    for (const { name, lines, message } of REFUSALS) {
      await check(`${name}, at the end`, [...CHANGED, ...NEW, ...lines], CHANGED.length + NEW.length + lines.length, message);
      await check(`${name}, in the middle`, [...CHANGED, ...lines, ...NEW], CHANGED.length + lines.length, message);
    }
    const bad = "-A -t 10.9.0.1:80 -s nosuch";
    await check("the first line", [bad, "-a -t 10.9.0.1:80 -r 10.1.0.1 -m", ...CHANGED, ...NEW], 1, NO_SCHEDULER);
    await check("all lines are refused", [bad, ...[2, 3, 4].map((last) => `-A -t 10.9.0.${last}:80 -s nosuch`)], 1, NO_SCHEDULER);
    await check("more than a thousand steps before", [...CHANGED, ...MANY, bad], CHANGED.length + MANY.length + 1, NO_SCHEDULER);
    await check("more than a thousand steps behind", [...CHANGED, bad, ...MANY], CHANGED.length + 1, NO_SCHEDULER);
    await otherWays(lab, before, (name, problems) => report.note(`refused: ${name}`, problems));
  },
};

/** Where the kernel refuses a step with other options, and of the program as a process. */
async function otherWays(lab: Lab, before: readonly string[], note: (name: string, problems: string[]) => void): Promise<void> {
  const input = rules(...CHANGED, "-A -t 10.9.0.1:80 -s nosuch");
  const place = `${CHANGED.length + 1}:1: ${NO_SCHEDULER}: the old table stands\n`;
  for (const options of [{ keep: true }, { drain: 1 }, { verbose: true }]) {
    const { stderr, status } = await lab.restore(input, options);
    const said = stderr === `stdin:${place}` && status === REFUSED;
    note(JSON.stringify(options), [...(said ? [] : [JSON.stringify({ stderr, status })]), ...tableDifferences(before, await lab.table())]);
  }
  writeFileSync(join(lab.folder, "refused"), input);
  const { stderr, status } = await lab.shell(`"$1" refused`, RESTORE);
  const said = stderr === `ipvsadm-restore: refused:${place}` && status === REFUSED;
  note("process", [...(said ? [] : [JSON.stringify({ stderr, status })]), ...tableDifferences(before, await lab.table())]);
  await lab.stopDaemons();
}
