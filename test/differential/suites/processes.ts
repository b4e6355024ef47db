/** The built program as a process beside the reference: streams, terminals, pipes, links, privileges. */
import { mkdtempSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { groups } from "../cases";
import { rules } from "../cases/case";
import { comparable, withoutSize } from "../differences";
import { PROGRAMS, sharedPrograms } from "../../lab/programs";
import { SHARE, share } from "../../lab/share";
import type { Outcome, Reference } from "../reference";
import { differences, show, type Suite } from "./suite";

const RULES = rules("-A -t 10.0.0.1:80 -s wrr", "-a -t 10.0.0.1:80 -r 10.1.0.1 -g -w 3", "-a -t 10.0.0.1:80 -r 10.1.0.2 -g", "-A -f 7 -6");

/** Shell scripts in which "$1" is the program; the same must come out of both. */
const SCRIPTS = [
  `"$1"`,
  `"$1" -Ln`,
  `"$1" -L`,
  `"$1" -Ln --stats`,
  `"$1" -L --timeout`,
  `"$1" -Sn`,
  `"$1" -v`,
  `"$1" --version`,
  `"$1" -A`,
  `"$1" --bogus`,
  `"$1" -A -t`,
  `"$1" ""`,
  `"$1" -A -t 10.0.0.9:80 -s rr`,
  `"$1" -A -t 10.0.0.9:80 -s rr`,
  `"$1" -a -t 10.0.0.9:80 -r 10.1.0.1 -m -w 5`,
  `"$1" -e -t 10.0.0.9:80 -r 10.1.0.1 -m -w 0`,
  `"$1" -d -t 10.0.0.9:80 -r 10.1.0.1`,
  `"$1" -d -t 10.0.0.9:80 -r 10.1.0.1`,
  `"$1" -E -t 10.0.0.9:80 -s lc`,
  `"$1" -D -t 10.0.0.9:80`,
  `"$1" -L -t 10.0.0.9:80`,
  `"$1" --set 600 60 60`,
  `"$1" -Z`,
  `"$1" -C -n`,
  `printf -- '-A -t 10.0.0.8:80\\n-a -t 10.0.0.8:80 -r 10.1.0.1\\n' | "$1" -R`,
  `printf -- '-A -t 10.0.0.7:80\\n' > rules; "$1" -R < rules; cat rules`,
  `"$1" -R < /dev/null`,
  `"$1" -R <&-`,
  `"$1" -R < /`,
  `"$1" -Sn | "$1" -R`,
  `"$1" -C; printf -- '-A -t 10.0.0.1:80 -s wrr\\n' | "$1" -R; "$1" -Ln`,
  `"$1" -Ln >&-`,
  `"$1" -Ln > /dev/full`,
  `"$1" -Sn > /dev/full`,
  `"$1" -h > /dev/full`,
  `"$1" -A 2>&-`,
  `"$1" -A 2> /dev/full`,
  `{ sleep 0.3; "$1" -Ln; echo $? >&2; } | true`,
  `"$1" -Ln | head -n 1`,
  `"$1" -Ln > out; cat out`,
  `script -qec "$1 -Ln" /dev/null < /dev/null`,
  `script -qec "$1 -L --stats" /dev/null < /dev/null`,
  `script -qec "$1 -A -t 10.0.0.1:80" /dev/null < /dev/null`,
  `script -qec "$1 -h" /dev/null < /dev/null > /dev/null`,
  `script -qec "$1 -Sn > out; cat out" /dev/null < /dev/null`,
  `cd /; "$1" -Ln`,
  `env -i PATH="$PATH" "$1" -Ln`,
  `POSIXLY_CORRECT=1 "$1" -L extra -n`,
  `LANG=de_DE.UTF-8 LC_ALL=de_DE.UTF-8 "$1" -D -t 10.0.0.9:80`,
  `unshare -m sh -c 'mount -t tmpfs none /proc/$$/net && exec "$1" -Lnc' sh "$1"`,
  `unshare -m sh -c 'mount -t tmpfs none /proc/$$/net && true > /proc/$$/net/ip_vs_conn && exec "$1" -Lnc' sh "$1"`,
];

/** One of so many of the other suites' cases: those call functions, and what the build makes of them is another text. */
const SAMPLE = 40;

/** Without privileges; and as the root of a user namespace, to whom IPVS is closed as well: ours says so, in a line more. */
const UNPRIVILEGED = ["-Ln", "-A -t 10.0.0.9:80", "-Sn", "-L -t 10.0.0.1:80", "-C"].flatMap((words) => [
  { script: `setpriv --bounding-set -all --inh-caps -all "$1" ${words}`, more: "" },
  { script: `unshare --user --map-root-user "$1" ${words}`, more: "This is a user namespace: IPVS obeys only the root of the initial one.\n" },
]);

/** Only the name that a program was called by differs, which a script does not learn, and that -R names lines. */
const calledAs = (outcome: Outcome): Outcome => ({
  ...outcome,
  stderr: outcome.stderr.replaceAll("/sbin/ipvsadm", "ipvsadm").replace(/^stdin:[0-9]+:[0-9]+: /gm, ""),
});

/** The two work in two namespaces. */
const inAnotherPlace = (outcome: Outcome): Outcome => withoutSize(calledAs(outcome));

export const processes: Suite = {
  name: "the program as a process",
  run: async (rig, report) => {
    const folder = mkdtempSync(join(tmpdir(), "processes-"));
    const built = join(PROGRAMS, "ipvsadm");
    const link = join(folder, "ipvsadm");
    symlinkSync(built, link);
    const both = async (script: string, program: string): Promise<[reference: Outcome, subject: Outcome]> => [
      await runScript(rig.reference, script, "/sbin/ipvsadm", join(folder, "work")),
      await runScript(rig.beside, script, program, join(folder, "work")),
    ];
    await rig.prepare(RULES);
    for (const [index, script] of share(SCRIPTS).entries()) {
      const [reference, subject] = await both(script, index % 2 === 0 ? built : link);
      report.messages.note(reference.stderr, script);
      report.note(`process: ${script}`, [...differences(inAnotherPlace(reference), inAnotherPlace(subject)), ...(await rig.tableProblems())]);
    }
    for (const [index, { group, one }] of groups.flatMap((group) => group.cases.map((one) => ({ group, one }))).entries()) {
      if (index % (SAMPLE * SHARE) !== 0) continue;
      await rig.prepare(group.rules);
      const reference = await (one.sameTable ? rig.beside : rig.reference).run(one.words, one.stdin);
      const subject = await rig.beside.run(one.words, one.stdin, link);
      report.note(`process: ${show(one.words)}`, [...differences(comparable(one, reference), comparable(one, calledAs(subject))), ...(await rig.tableProblems())]);
    }
    const { programs, path } = sharedPrograms();
    for (const { script, more } of share(UNPRIVILEGED)) {
      const [reference, subject] = await both(`PATH='${path}'; ${script}`, join(programs, "ipvsadm"));
      report.messages.note(reference.stderr, script);
      report.note(`process: ${script}`, differences({ ...reference, stderr: reference.stderr + more }, subject));
    }
  },
};

const runScript = (where: Reference, script: string, program: string, folder: string): Promise<Outcome> =>
  where.run(["-c", `rm -rf ${folder}; mkdir ${folder} && cd ${folder} && ${script}`, "sh", program], undefined, "sh");
