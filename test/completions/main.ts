/**
 * The completions (system/completions) in the lab: bash, zsh and fish on terminals, each line typed, and TAB.
 *
 * LAB_ONLY=TEXT plays the shells whose names contain TEXT, of which "lab shell" is one; LAB_SHARE=N every Nth line in each shell, another in each;
 * half of them by default, all of them with FULL=1.
 */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Report } from "../differential/suites/suite";
import { loadIpv6 } from "../lab/ipv6";
import { PROGRAMS } from "../lab/programs";
import { FULL } from "../restore/settings";
import { blind, type Case, CASES, FILES, NETWORK, ours, RULES } from "./cases";
import { labShell } from "./lab-shell";
import { type Answer, type Session, STARTS, WITH_PACKAGE } from "./shells";

const SHARE = Number(process.env["LAB_SHARE"] ?? (FULL ? 1 : 2));
const OURS = join(PROGRAMS, "ipvsadm");
const NOBODY = "65534";
/**
 * timeout(1) as the completions call it, "timeout -k 1 4 PROGRAM ...", for programs that do answer: the four seconds are
 * for people, and a busy machine may need more. Only the one that never answers is given no more.
 */
const TIMEOUT = (hangs: string): string => `#!/bin/sh
[ "$4" = ${hangs} ] || { shift 3; set -- 600 "$@"; }
exec /usr/bin/timeout "$@"
`;

/** What programs, shells and kernels say when something is wrong. */
const COMPLAINTS = /denied|can't|cannot|rror|usage|killed|terminated|not found|no such|(?<!skip-)bad (?!lines out)|unbound|invalid/i;

async function main(): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), "completions-"));
  chmodSync(folder, 0o755);
  loadIpv6();
  execFileSync("modprobe", ["ip_vs"]);
  execFileSync("ip", ["-batch", "-"], { input: NETWORK });
  execFileSync("ipvsadm", ["-R"], { input: RULES });
  // It has ipvsadm's name, and never answers.
  const hangs = join(folder, "ipvsadm");
  writeFileSync(hangs, "#!/bin/sh\nexec sleep 1000\n", { mode: 0o755 });
  const patient = join(folder, "patient");
  mkdirSync(patient, { mode: 0o755 });
  writeFileSync(join(patient, "timeout"), TIMEOUT(hangs), { mode: 0o755 });
  const environment = { ...process.env, PATH: `${patient}:${process.env["PATH"] ?? ""}` };
  const report = new Report();
  const only = process.env["LAB_ONLY"] ?? "";
  const start = Date.now();
  const sessions: Session[] = [];
  for (const [index, { name, start: begin }] of STARTS.entries()) {
    if (!name.includes(only)) continue;
    const session = await begin(workplace(folder, `root-${index}`), environment);
    await play(session, ours(OURS), report);
    sessions.push(session);
  }
  await Promise.all(
    sessions.map(async (session, turn) => {
      const chosen = CASES.filter((_case, index) => (index + turn) % SHARE === 0);
      const begun = Date.now();
      // With the package it is the same function: what matters is what comes onto the line.
      const cases = session.name === WITH_PACKAGE ? chosen.filter(({ becomes }) => becomes !== undefined) : chosen.filter(({ not }) => not !== session.shell);
      await play(session, [...cases, ...blind(hangs)], report);
      console.log(`${session.name}: ${cases.length} lines, ${((Date.now() - begun) / 1000).toFixed(1)} s`);
      report.note(`${session.name}: nothing but what was typed and offered is on the terminal`, complaints(session));
      session.terminal.close();
    }),
  );
  for (const [index, { name, start: begin }] of STARTS.entries()) {
    if (!name.includes(only)) continue;
    const session = await begin(workplace(folder, `nobody-${index}`), environment, ["setpriv", "--reuid", NOBODY, "--clear-groups"]);
    await play(session, blind("ipvsadm"), report);
    report.note(`${session.name}: nor is it for somebody who may ask nothing`, complaints(session));
    session.terminal.close();
  }
  if ("lab shell".includes(only)) await labShell(folder, report);
  console.log(`completions: ${report.totals}, ${((Date.now() - start) / 1000).toFixed(1)} s`);
  return report.failed === 0;
}

/** The working folder of a shell, with files to complete; whoever it runs as may write there. */
function workplace(folder: string, name: string): string {
  const place = join(folder, name);
  mkdirSync(place);
  chmodSync(place, 0o777);
  for (const file of FILES) writeFileSync(join(place, file), "");
  return place;
}

/** Throws where the shell stops telling. */
async function play(session: Session, cases: readonly Case[], report: Report): Promise<void> {
  for (const one of cases) {
    report.note(`${session.name}: ${JSON.stringify(one.line)}`, problems(session, one, await session.complete(one.line)));
  }
}

function complaints({ terminal: { shown } }: Session): string[] {
  const found = COMPLAINTS.exec(shown);
  return found === null ? [] : [JSON.stringify(shown.slice(Math.max(0, found.index - 200), found.index + 200))];
}

function problems({ shell }: Session, { candidates, becomes }: Case, answer: Answer): string[] {
  const line = typeof becomes === "object" ? becomes[shell] : becomes;
  const shown = (words: readonly string[]): string => [...new Set(words)].sort().join(" ");
  return [
    ...(candidates === undefined || shown(candidates) === shown(answer.candidates) ? [] : [`offers  ${shown(answer.candidates)}`, `expected ${shown(candidates)}`]),
    ...(line === undefined || line === answer.line ? [] : [`becomes  ${JSON.stringify(answer.line)}`, `expected ${JSON.stringify(line)}`]),
  ];
}

main().then(
  (good) => process.exit(good ? 0 : 1),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
