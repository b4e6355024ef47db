/** What the programs show: status in words and as JSON, dry runs, and what they would do. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { PROGRAMS } from "../../lab/programs";
import { execute, type Namespace, problems, RECORDS, type Suite } from "../lab";
import { PRIOR, WAYS } from "./originals";

const shownJson = z.array(
  z.object({
    vip: z.string(),
    state: z.enum(["active", "wrong", "inactive"]),
    tunnel: z.string().nullable(),
    port: z.number().nullable(),
    settings: z.array(z.object({ kind: z.string(), subject: z.string(), wanted: z.string(), found: z.string(), holds: z.boolean() })),
  }),
);

const recordsLeft = (): string[] => (existsSync(RECORDS) ? readdirSync(RECORDS).filter((name) => name.endsWith(".json")) : []);

/** A dry run changes nothing, and its commands do by hand what a start does. */
async function rehearsed(machine: Namespace, vip: string, options: readonly string[]): Promise<string[]> {
  const before = await machine.snapshot();
  const start = await machine.realServer("start", "--dry-run", ...options, vip);
  const found = [...problems(start, { stdout: start.stdout }), ...(await machine.since(before)).map((line) => `a dry run changed: ${line}`)];
  await machine.must(`set -e\n${start.stdout}`);
  const byHand = await machine.snapshot();
  const status = await machine.realServer("status", vip, ...options);
  if (status.status !== 0) found.push(`by hand: ${JSON.stringify(status)}`);
  found.push(...problems(await machine.realServer("start", "--dry-run", ...options, vip)));
  // A second namespace's stop, from the state that is there, would say the commands that lead back.
  await machine.must(undoing(start.stdout, before));
  found.push(...(await machine.since(before)).map((line) => `taken back by hand: ${line}`));
  found.push(...problems(await machine.realServer("start", ...options, vip)), ...(await machine.since(byHand)).map((line) => `not as by hand: ${line}`));
  const stop = await machine.realServer("stop", "--dry-run", vip);
  found.push(...problems(stop, { stdout: stop.stdout }), ...(await machine.since(byHand)).map((line) => `a dry run of stop changed: ${line}`));
  const restart = await machine.realServer("restart", "--dry-run", vip);
  if (restart.stdout.trim() !== `${stop.stdout}${start.stdout.replace(/modprobe .*\n/g, "")}`.trim()) found.push(`restart would: ${restart.stdout}`);
  const stopped = await machine.realServer("stop", "-v", vip);
  found.push(...problems(stopped, { stdout: stop.stdout }), ...(await machine.since(before)).map((line) => `stopped: ${line}`));
  return found;
}

/** The commands that take those of a start back. */
function undoing(commands: string, before: readonly string[]): string {
  const value = (key: string): string => {
    const path = `${key.replace(/^net\./, "").replaceAll(".", "/")} `;
    return before.find((line) => line.startsWith(path))?.slice(path.length) ?? "";
  };
  return commands
    .trim()
    .split("\n")
    .reverse()
    .map((command) =>
      command
        .replace(/^ip address add (\S+ dev \S+).*/, "ip address delete $1")
        .replace(/^(ip link set \S+) up/, "$1 down")
        .replace(/fou add (port \d+) gue/, "fou del $1")
        .replace(/^modprobe .*/, "")
        .replace(/^(sysctl) -w ([^=]+)=.*/, (_all, sysctl: string, key: string) => `${sysctl} -qw ${key}=${value(key)}`),
    )
    .join("\n");
}

async function statuses(machine: Namespace): Promise<string[]> {
  const found: string[] = [];
  const json = async (...words: string[]) => {
    const { status, stdout, stderr } = await machine.realServer("status", "--json", ...words);
    if (stderr !== "") found.push(`stderr: ${stderr}`);
    return { status, vips: shownJson.parse(JSON.parse(stdout)) };
  };
  const expect = (what: string, { status, vips }: Awaited<ReturnType<typeof json>>, code: number, states: readonly string[]): void => {
    if (status !== code || vips.map(({ vip, state }) => `${vip} ${state}`).join() !== states.join()) found.push(`${what}: ${status} ${JSON.stringify(vips)}`);
  };
  expect("nothing is started", await json(), 3, []);
  expect("never started", await json("192.0.2.1"), 3, ["192.0.2.1 inactive"]);
  await machine.realServer("start", "192.0.2.1", "2001:db8::1");
  await machine.realServer("start", "192.0.2.2", "--tunnel", "gue", "--port", "6090");
  expect("all of them", await json(), 0, ["192.0.2.1 active", "2001:db8::1 active", "192.0.2.2 active"]);
  expect("one of them", await json("2001:db8:0::1"), 0, ["2001:db8::1 active"]);
  expect("another beside", await json("192.0.2.1", "192.0.2.9"), 1, ["192.0.2.1 active", "192.0.2.9 inactive"]);
  expect("with other options", await json("192.0.2.1", "--tunnel", "gre"), 3, ["192.0.2.1 inactive"]);
  const [tunnelled] = (await json("192.0.2.2")).vips;
  if (tunnelled?.tunnel !== "gue" || tunnelled.port !== 6090) found.push(`the options that were recorded: ${JSON.stringify(tunnelled)}`);
  await machine.must("sysctl -qw net.ipv4.conf.all.arp_ignore=0");
  expect("a sysctl is wrong", await json(), 1, ["192.0.2.1 wrong", "2001:db8::1 active", "192.0.2.2 wrong"]);
  const wrong = (await json("192.0.2.1")).vips[0]?.settings.filter(({ holds }) => !holds);
  if (JSON.stringify(wrong?.map(({ subject, wanted, found: is }) => [subject, wanted, is])) !== '[["net.ipv4.conf.all.arp_ignore","1","0"]]') found.push(`wrong: ${JSON.stringify(wrong)}`);
  const text = await machine.realServer("status", "192.0.2.1");
  found.push(...problems(text, { status: 1, stdout: TEXT }));
  const painted = await machine.program("lvs-realserver", ["status", "192.0.2.1"], { coloured: true });
  if (painted.stdout === TEXT || painted.stdout.replace(/\x1b\[\d+m/g, "") !== TEXT) found.push(`colours: ${JSON.stringify(painted.stdout)}`);
  await machine.must("ip address delete 192.0.2.1/32 dev lo; ip link set tunl0 down");
  expect("a VIP is gone, and a link is down", await json(), 1, ["192.0.2.1 inactive", "2001:db8::1 active", "192.0.2.2 wrong"]);
  found.push(...problems(await machine.realServer("restart")));
  expect("restarted", await json(), 0, ["192.0.2.1 active", "2001:db8::1 active", "192.0.2.2 active"]);
  // Without the record, status tells the same.
  await machine.must(`rm ${RECORDS}/*.json`);
  expect("without a record", await json("192.0.2.1", "2001:db8::1"), 0, ["192.0.2.1 active", "2001:db8::1 active"]);
  return found;
}

const TEXT = `192.0.2.1 (direct routing): active, but wrong
  WRONG  net.ipv4.conf.all.arp_ignore    0, should be 1
  ok     net.ipv4.conf.all.arp_announce  2
  ok     net.ipv4.conf.lo.arp_ignore     1
  ok     net.ipv4.conf.lo.arp_announce   2
  ok     address 192.0.2.1/32 on lo      there
`;

/** The built program, as a process. */
async function asProcess(machine: Namespace): Promise<string[]> {
  const before = await machine.snapshot();
  const found = problems(await machine.process("lvs-realserver", "start", "192.0.2.1"));
  const piped = await machine.process("lvs-realserver", "status", "192.0.2.1");
  if (piped.status !== 0 || piped.stdout.includes("\x1b")) found.push(`status into a pipe: ${JSON.stringify(piped)}`);
  const script = (environment: string): string => `${environment} script -qec "bin/lvs-realserver status 192.0.2.1" /dev/null </dev/null`;
  if (!(await machine.must(script("TERM=xterm"))).includes("\x1b[")) found.push("no colours on a terminal");
  if ((await machine.must(script("TERM=xterm NO_COLOR=1"))).includes("\x1b[")) found.push("colours in spite of NO_COLOR");
  for (const program of ["lvs-realserver", "lvs-director"]) {
    const full = await execute(machine.words("sh", "-c", `"$0" status --json > /dev/full`, join(PROGRAMS, program)));
    if (full.status === 0 || !new RegExp(`^${program}: standard output: [^\\n]+\\n$`).test(full.stderr)) found.push(`a full disk: ${JSON.stringify(full)}`);
  }
  const version = await machine.process("lvs-realserver", "--version");
  if (version.status !== 0 || !/^lvs-realserver \d+\.\d+\.\d+\n$/.test(version.stdout)) found.push(`--version: ${JSON.stringify(version)}`);
  const help = await machine.process("lvs-realserver", "--help");
  for (const word of ["start", "stop", "restart", "status", "--tunnel", "--port", "--persist", "--dry-run", "--json", "--all"]) {
    if (help.status !== 0 || !help.stdout.includes(word)) found.push(`--help without ${word}`);
  }
  found.push(...problems(await machine.process("lvs-realserver", "begin"), { status: 2, stderr: "lvs-realserver: begin: unknown command (start, stop, restart, status, watch)\nTry `lvs-realserver --help' for more information.\n" }));
  found.push(...problems(await machine.process("lvs-realserver", "stop", "--all")), ...(await machine.since(before)));
  return found;
}

export const shown: Suite = {
  name: "shown",
  run: async (lab, report) => {
    await lab.within(1, async (machine) => {
      await machine.must(PRIOR);
      for (const { name, vip, options } of WAYS) report.note(`shown: dry run: ${name}`, await rehearsed(machine, vip, options));
      const several = await machine.realServer("start", "--dry-run", "192.0.2.1", "192.0.2.2");
      report.note("shown: dry run: each VIP has a label of its own", several.stdout.includes("label lo:1\n") && several.stdout.includes("label lo:2\n") ? [] : [several.stdout]);
      report.note("shown: dry runs record nothing", recordsLeft());
      report.note("shown: as a process", await asProcess(machine));
    });
    await lab.within(1, async (machine) => report.note("shown: status", await statuses(machine)));
  },
};
