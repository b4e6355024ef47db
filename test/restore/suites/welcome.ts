/** Input and options that are unusual, and right. */
import { spawn } from "node:child_process";
import { closeSync, constants, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { rules } from "../../differential/cases/case";
import type { RestoreOptions } from "../../../src/save-restore/restore";
import { tableDifferences } from "../differences";
import { good, type Lab, RESTORE, type Suite } from "../lab";

const OLD = rules("-A -t 10.0.0.1:80 -s wrr", "-a -t 10.0.0.1:80 -r 10.1.0.1 -m -w 3", "-A -u 10.0.0.2:53");
const NEW = rules(
  "-A -t 10.0.0.1:80 -s lc -p 60",
  "-a -t 10.0.0.1:80 -r 10.1.0.2:80 -m -w 1",
  "-a -t 10.0.0.1:80 -r 10.1.0.3:80 -m -w 7",
  "-A -f 5 -6 -s mh -b mh-port",
);

/** Other ways to write NEW. */
const SPELLINGS: Readonly<Record<string, string>> = {
  "lines that end as in DOS": NEW.replaceAll("\n", "\r\n"),
  "no newline at the end": NEW.trimEnd(),
  "tabs and blanks": NEW.replaceAll(" ", " \t ").replace(/^/gm, "\t ").replaceAll("\n", " \t\n"),
  "comments and blank lines": `# -A -t 10.0.0.77:80\n\n   \t\n${NEW.replaceAll("\n", "\n  \t# more\n#\n\n")}# no newline`,
  "ipvsadm before each": NEW.replace(/^./gm, "ipvsadm $&"),
  "long options": NEW.replaceAll("-A ", "--add-service ").replaceAll("-a ", "--add-server ").replaceAll("-t ", "--tcp-service=").replaceAll("-w ", "--weight="),
  "a flush first": `-C\n${NEW}`,
  "a flush in between": `-A -t 10.0.0.66:80\n-C\n${NEW}`,
  "what is added and deleted again": `${NEW}-A -t 10.0.0.66:80\n-a -t 10.0.0.1:80 -r 10.1.0.9 -m\n-d -t 10.0.0.1:80 -r 10.1.0.9\n-D -t 10.0.0.66:80\n`,
  "what is added and edited": NEW.replace("-s lc -p 60", "-s rr").replace("-w 7", "-w 1") + rules("-E -t 10.0.0.1:80 -s lc -p 60", "-e -t 10.0.0.1:80 -r 10.1.0.3 -m -w 7"),
  "a comment of 8,000 characters": `# ${"ü".repeat(8_000)}\n${NEW}`,
};

/** What is done to OLD, and what is there then. */
interface Way {
  readonly name: string;
  readonly input: string;
  readonly options?: Partial<RestoreOptions>;
  /** In any order. */
  readonly stdout?: string;
  readonly stderr?: string;
  readonly then: string;
}
const ONE = rules("-A -t 10.0.0.9:80");
const WAYS: readonly Way[] = [
  ...Object.entries(SPELLINGS).map(([name, input]): Way => ({ name, input, then: NEW })),
  { name: "no input", input: "", stderr: "stdin: no rules: nothing changes\n", then: OLD },
  { name: "comments alone", input: "# nothing\n\n", stderr: "stdin: no rules: nothing changes\n", then: OLD },
  { name: "no input, --clear", input: "", options: { clear: true }, stderr: "stdin: no rules: the table is cleared\n", then: "" },
  { name: "--clear", input: NEW, options: { clear: true }, then: NEW },
  { name: "--noflush", input: ONE, options: { keep: true }, then: OLD + ONE },
  { name: "--noflush of what is there already", input: OLD, options: { keep: true }, then: OLD },
  { name: "--noflush that edits", input: rules("-A -u 10.0.0.2:53 -s rr"), options: { keep: true }, then: OLD.replace("-A -u 10.0.0.2:53", "$& -s rr") },
  { name: "--drain, nothing to wait for", input: NEW, options: { drain: 60 }, then: NEW },
  { name: "--test", input: NEW, options: { mode: "test" }, then: OLD },
  { name: "--test --clear", input: NEW, options: { mode: "test", clear: true }, then: OLD },
  {
    name: "--dry-run",
    input: NEW,
    options: { mode: "dry-run" },
    stdout: rules(
      "-E -t 10.0.0.1:80 -s lc -p 60",
      "-a -t 10.0.0.1:80 -r 10.1.0.2:80 -m -w 1",
      "-a -t 10.0.0.1:80 -r 10.1.0.3:80 -m -w 7",
      "-A -f 5 -6 -s mh -b mh-port",
      "-d -t 10.0.0.1:80 -r 10.1.0.1:80",
      "-D -u 10.0.0.2:53",
    ),
    then: OLD,
  },
  { name: "--dry-run of what is there already", input: OLD, options: { mode: "dry-run" }, then: OLD },
  { name: "--dry-run --clear", input: ONE, options: { mode: "dry-run", clear: true }, stdout: rules("-C", "-A -t 10.0.0.9:80 -s wlc"), then: OLD },
];

export const welcome: Suite = {
  name: "welcome",
  run: async (lab, report) => {
    for (const { name, input, options, stdout, stderr, then } of WAYS) {
      const wanted = await tableOf(lab, then);
      await lab.become(OLD);
      const outcome = await lab.restore(input, options);
      const said = outcome.stderr === (stderr ?? "") ? "" : outcome.stderr || "nothing was said";
      const problems = good({ ...outcome, stdout: sorted(outcome.stdout), stderr: said }, sorted(stdout ?? ""));
      report.note(`welcome: ${name}`, [...problems, ...tableDifferences(wanted, await lab.table())]);
    }
    await besideOthers(lab, (problems) => report.note("welcome: a long table beside that of another namespace", problems));
    await keepsCounters(lab, (problems) => report.note("welcome: what stays the same is not touched", problems));
    report.note("welcome: standard input that does not wait", await slowInput(lab));
    await shortMessages(lab, (problems) => report.note("welcome: a daemon whose messages the kernel lengthens is left alone", problems));
  },
};

const sorted = (text: string): string => text.split("\n").sort().join("\n");

async function tableOf(lab: Lab, input: string): Promise<string[]> {
  await lab.become(input);
  return lab.table();
}

/**
 * Before Linux 7, /proc/net/ip_vs lacks services of a table that is longer than
 * a read where another namespace has services. Nobody takes that for a change.
 */
async function besideOthers(lab: Lab, note: (problems: string[]) => void): Promise<void> {
  const table = (network: number): string =>
    rules(...Array.from({ length: 200 }, (_, number) => [`-A -t 10.${network}.0.${number + 1}:80 -s rr`, `-a -t 10.${network}.0.${number + 1}:80 -r 10.1.0.1:80 -m`]).flat());
  await lab.rig.reference.run(["-R"], table(77));
  await lab.become(table(78));
  const outcome = await lab.restore(table(78), { mode: "dry-run" });
  await lab.rig.reference.run(["-C"]);
  note(good(outcome));
}

/** A service and a server that stay are neither edited nor made anew: -v says nothing of them. */
async function keepsCounters(lab: Lab, note: (problems: string[]) => void): Promise<void> {
  await lab.become(NEW);
  const { stdout, stderr, status } = await lab.restore(`${NEW}-a -f 5 -6 -r [2001:db8::1]:80 -g\n`, { verbose: true });
  const said = stderr === "-a -f 5 -6 -r [2001:db8::1]:80 -g -w 1\n";
  note(said && status === 0 && stdout === "" ? [] : [JSON.stringify({ stdout, stderr, status })]);
}

/** A backup's messages are never shorter than 1024 bytes: asking for shorter ones again is no difference. */
async function shortMessages(lab: Lab, note: (problems: string[]) => void): Promise<void> {
  const daemon = rules("-A -t 10.0.0.9:80 -s rr", "--start-daemon backup --mcast-interface eth0 --sync-maxlen 700");
  await lab.become(daemon);
  note(good(await lab.restore(daemon, { mode: "dry-run" })));
  await lab.stopDaemons();
}

/** A pipe that its writer has made one that does not wait, and that is slow to be filled. */
async function slowInput(lab: Lab): Promise<string[]> {
  const pipe = join(lab.folder, "pipe");
  await lab.shell("mkfifo pipe");
  const input = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(pipe, constants.O_WRONLY);
  const child = spawn(RESTORE, ["--test"], { stdio: [input, "ignore", "pipe"] });
  let stderr = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  for (const part of [NEW, "-A -t 10.0.0.5", ":80\n"]) {
    await pause(500);
    writeSync(writer, part);
  }
  closeSync(writer);
  closeSync(input);
  return good({ stdout: "", stderr, status: (await ended) ?? -1 });
}
