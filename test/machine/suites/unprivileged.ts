/** Dry runs and status need no privileges: another user sees what root sees. */
import { rmSync, statSync } from "node:fs";
import { share } from "../../lab/share";
import { type Lab, type Namespace, type Outcome, problems, RECORDS, type Suite } from "../lab";
import { WAYS } from "./originals";

/** Source NAT is root's to see. */
const MODES = ["dr", "nat", "tun"];
const VIPS = ["10.99.0.38", "2001:db8:99::38"];

/** Program and words. */
const LINES: readonly (readonly string[])[] = [
  ...WAYS.flatMap(({ vip, options }) => [["lvs-realserver", "start", "--dry-run", vip, ...options], ["lvs-realserver", "status", vip, ...options]]),
  ...MODES.flatMap((mode) =>
    VIPS.flatMap((vip) => [
      ["lvs-director", "start", "--dry-run", vip, "--dev", "eth0", "--mode", mode],
      ["lvs-director", "status", vip, "--dev", "eth0", "--mode", mode],
    ]),
  ),
  ...["lvs-realserver", "lvs-director"].flatMap((program) => [
    [program, "status", "--json"],
    [program, "restart", "--dry-run"],
    [program, "stop", "--all", "--dry-run"],
  ]),
  ["lvs-director", "start", "--dry-run", "10.99.0.39", "--dev", "eth0", "--mode", "fullnat", "--server-net", "10.98.0.0/24"],
];

async function asBoth(lab: Lab, note: (what: string, found: readonly string[]) => void): Promise<void> {
  await lab.within(1, async (machine) => {
    // With a umask that hides what root writes.
    rmSync(RECORDS, { recursive: true, force: true });
    await machine.umask(0o077);
    await machine.realServer("start", "10.99.0.40", "2001:db8:99::40");
    await machine.program("lvs-director", ["start", "10.99.0.41", "--dev", "eth0", "--mode", "nat"]);
    note("the record can be read", (statSync(RECORDS).mode & 0o777) === 0o755 ? [] : [(statSync(RECORDS).mode & 0o777).toString(8)]);
    const run = ([program = "", ...words]: readonly string[]) => machine.program(program, words);
    const byRoot = [];
    const lines = share(LINES);
    for (const line of lines) byRoot.push(await run(line));
    const before = await machine.snapshot();
    await machine.becomeNobody();
    for (const [at, line] of lines.entries()) note(line.join(" "), problems(anyFirewall(await run(line)), byRoot[at] && anyFirewall(byRoot[at])));
    for (const program of ["lvs-realserver", "lvs-director"]) {
      const refused = await machine.program(program, ["stop", "--all"]);
      note(`${program} stop`, problems(refused, { status: 1, stderr: `${program}: not permitted: changing the network takes CAP_NET_ADMIN, as root has\n` }));
    }
    note("nothing is changed", await changed(machine, before));
  });
}

/** Which of the firewalls this kernel has is root's to ask: without privileges the first that is installed is shown. */
const anyFirewall = (outcome: Outcome): Outcome => ({ ...outcome, stdout: outcome.stdout.replace(/^(nft|ip6?tables)\b.*$/m, "(source NAT)") });

/** By ip(8), which runs as root still; sysctls are read as nobody. */
async function changed(machine: Namespace, before: readonly string[]): Promise<string[]> {
  return (await machine.since(before)).filter((line) => line.startsWith("new: "));
}

export const unprivileged: Suite = {
  name: "unprivileged",
  run: async (lab, report) => {
    await asBoth(lab, (what, found) => report.note(`unprivileged: ${what}`, found));
  },
};
