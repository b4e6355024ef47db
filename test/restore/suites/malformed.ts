/** Bad input: what is said of it, and a table that nobody touched. */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rules } from "../../differential/cases/case";
import { sharedPrograms } from "../../lab/programs";
import { tableDifferences, textDifferences } from "../differences";
import { type Lab, type Suite } from "../lab";
import { AFTER, BAD_FILES, type BadFile, BEFORE, noise } from "../malformed-files";
import { SHARE } from "../../lab/share";
import { FULL, SEED } from "../settings";

const TABLE = rules(
  "-A -t 10.0.0.1:80 -s wrr -p 60",
  "-a -t 10.0.0.1:80 -r 10.1.0.1:80 -m -w 3",
  "-a -t 10.0.0.1:80 -r 10.1.0.3:80 -m -w 1",
  "-A -f 5 -6",
  "--start-daemon backup --mcast-interface lo --syncid 3",
);
const BAD_INPUT = 2;
const NOISE = 10;
const SAID = /^[^:\n]+:[0-9]+:[0-9]+: [^\n]+$/;

export const malformed: Suite = {
  name: "malformed",
  run: async (lab, report) => {
    await lab.become(TABLE);
    const before = await lab.table();
    const untouched = async (): Promise<string[]> => tableDifferences(before, await lab.table());

    const failedBefore = report.failed;
    for (const { name, content, problems } of BAD_FILES) {
      const { stdout, stderr, status } = await lab.restore(content, {}, "/etc/ipvsadm.rules");
      const wanted = problems.map((problem) => `/etc/ipvsadm.rules:${problem}\n`).join("");
      report.note(`malformed: ${name}`, [
        ...textDifferences(wanted, stderr),
        ...(status === BAD_INPUT && stdout === "" ? [] : [`status ${status}, stdout ${JSON.stringify(stdout)}`]),
        ...(await untouched()),
      ]);
    }
    const asSaid = BAD_FILES.length - (report.failed - failedBefore);
    console.log(`malformed: ${asSaid} of ${BAD_FILES.length} files had their messages, status ${BAD_INPUT}, and a table that nobody touched`);
    for (let index = 0; index < NOISE; index++) {
      const { stderr, status } = await lab.restore(Buffer.concat([Buffer.from(rules(...BEFORE)), noise(SEED + index)]));
      const said = stderr.trimEnd().split("\n");
      report.note(`malformed: noise of SEED=${SEED + index}`, [
        ...said.filter((line) => !SAID.test(line)).slice(0, 3),
        ...(status === BAD_INPUT ? [] : [`status ${status}`]),
        ...(await untouched()),
      ]);
    }
    for (const way of [{ clear: true }, { keep: true }, { drain: 5 }, { mode: "test" }, { mode: "dry-run" }] as const) {
      const { stdout, stderr, status } = await lab.restore(rules(...BEFORE, "-A -t"), way);
      report.note(`malformed: with ${JSON.stringify(way)}`, [
        ...textDifferences(`stdin:${BEFORE.length + 1}:4: -t: missing argument\n`, stderr),
        ...(status === BAD_INPUT && stdout === "" ? [] : [`status ${status}, stdout ${JSON.stringify(stdout)}`]),
        ...(await untouched()),
      ]);
    }
    const { programs, path } = sharedPrograms();
    // Starting a process is dear in the lab.
    for (const one of processes(lab).filter((_, index) => FULL || index % (2 * SHARE) === 0)) {
      const { stdout, stderr, status } = await lab.shell(`PATH='${path}'; ${one.script}`, join(programs, "ipvsadm-restore"));
      report.note(`malformed: process: ${one.script}`, [
        ...(one.stderr.test(stderr) ? [] : [`stderr ${JSON.stringify(stderr.slice(0, 500))} is not as ${one.stderr}`]),
        ...(status === one.status && stdout === "" ? [] : [`status ${status} instead of ${one.status}, stdout ${JSON.stringify(stdout)}`]),
        ...(await untouched()),
      ]);
    }
    report.note("malformed: at least 40 files", BAD_FILES.length >= 40 ? [] : [`only ${BAD_FILES.length}`]);
  },
};

interface ProcessCase {
  /** In which "$1" is ipvsadm-restore. */
  readonly script: string;
  readonly stderr: RegExp;
  readonly status: number;
}

/** The program as it is called, with files as they are. */
function processes(lab: Lab): ProcessCase[] {
  const file = (name: string, content: string | Buffer): string => {
    writeFileSync(join(lab.folder, name), content);
    return name;
  };
  const bad: Pick<BadFile, "content"> = { content: Buffer.from(rules(...BEFORE, "-A -t 10.0.0.5:80 --bogus", ...AFTER)) };
  const line = `${BEFORE.length + 1}:19: --bogus: unknown option\n`;
  chmodSync(lab.folder, 0o755);
  file("bad", bad.content);
  file("good", rules("-A -t 10.0.0.9:80"));
  chmodSync(join(lab.folder, file("secret", bad.content)), 0o600);
  mkdirSync(join(lab.folder, "folder"));
  const nobody = "setpriv --reuid 65534 --regid 65534 --clear-groups";
  const cannotRead = (name: string): RegExp => new RegExp(`^ipvsadm-restore: ${name}: [^\\n]+\\n$`);
  return [
    { script: `"$1" bad`, stderr: new RegExp(`^ipvsadm-restore: bad:${line}$`), status: BAD_INPUT },
    { script: `"$1" ./bad`, stderr: new RegExp(`^ipvsadm-restore: \\./bad:${line}$`), status: BAD_INPUT },
    { script: `"$1" < bad`, stderr: new RegExp(`^ipvsadm-restore: stdin:${line}$`), status: BAD_INPUT },
    { script: `"$1" - < bad`, stderr: new RegExp(`^ipvsadm-restore: stdin:${line}$`), status: BAD_INPUT },
    { script: `"$1" --clear bad`, stderr: new RegExp(`^ipvsadm-restore: bad:${line}$`), status: BAD_INPUT },
    { script: `"$1" folder`, stderr: cannotRead("folder"), status: BAD_INPUT },
    { script: `"$1" < folder`, stderr: cannotRead("standard input"), status: BAD_INPUT },
    { script: `${nobody} "$1" secret`, stderr: cannotRead("secret"), status: BAD_INPUT },
    { script: `"$1" nothing`, stderr: cannotRead("nothing"), status: BAD_INPUT },
    { script: `${nobody} "$1" good`, stderr: /^ipvsadm-restore: Can't initialize ipvs: Permission denied \(you must be root\)\nAre you sure .*\?\n$/, status: BAD_INPUT },
    { script: `${nobody} "$1" --test bad`, stderr: new RegExp(`^ipvsadm-restore: bad:${line}$`), status: BAD_INPUT },
    { script: `"$1" --bogus good`, stderr: /^ipvsadm-restore: [^\n]*bogus[^\n]*\n/, status: BAD_INPUT },
    { script: `"$1" good --drain`, stderr: /^ipvsadm-restore: [^\n]*drain[^\n]*\n/, status: BAD_INPUT },
    { script: `"$1" --clear --noflush good`, stderr: /^ipvsadm-restore: [^\n]*exclude[^\n]*\n/, status: BAD_INPUT },
    { script: `"$1" --drain soon good`, stderr: /^ipvsadm-restore: [^\n]*soon[^\n]*\n/, status: BAD_INPUT },
    { script: `"$1" good good`, stderr: /^ipvsadm-restore: good: unexpected argument \(one file is read\)\n/, status: BAD_INPUT },
  ];
}
