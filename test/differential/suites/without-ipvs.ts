/** A kernel whose IPVS is not loaded, and cannot be: before anything else loads it. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { PROGRAMS } from "../../lab/programs";
import { type Outcome, Reference } from "../reference";
import { differences, type Report } from "./suite";

/** What must be said all the same, though 1.31 says only that it has no IPVS. */
const STILL_ANSWERED: readonly (readonly [words: readonly string[], status: number, stderr: string])[] = [
  [["-h"], 0, ""],
  [["-v"], 0, ""],
  [["-A"], 2, "You need to supply the 'service-address' option for the 'add-service' command\n"],
  [["--bogus"], 255, "Try `ipvsadm -h' or 'ipvsadm --help' for more information.\n"],
];

/** Without what modprobe itself has to say: ours says one thing only. */
const silent = (outcome: Outcome): Outcome => ({ ...outcome, stderr: outcome.stderr.replace(/^modprobe: .*\n/gm, "") });

export async function withoutIpvs(report: Report): Promise<void> {
  if (existsSync("/proc/net/ip_vs")) {
    console.log("IPVS is loaded on this kernel already: what is said without it cannot be seen here");
    return;
  }
  const program = join(PROGRAMS, "ipvsadm");
  const here = new Reference();
  // Hidden from the kernel too, which asks for modules by itself.
  execFileSync("mount", ["-t", "tmpfs", "none", "/lib/modules"]);
  for (const words of [["-Ln"], ["-A", "-t", "10.0.0.1:80"], ["-C"]]) {
    const reference = await here.run(words);
    const subject = await here.run(words, undefined, program);
    report.messages.note(reference.stderr, `without IPVS: ipvsadm ${words.join(" ")}`);
    report.note(`without IPVS: ${words.join(" ")}`, differences(silent(reference), subject));
  }
  for (const [words, status, stderr] of STILL_ANSWERED) {
    const subject = await here.run(words, undefined, program);
    report.note(`without IPVS: ${words.join(" ")}`, differences({ ...subject, status, stderr }, subject));
  }
  execFileSync("umount", ["/lib/modules"]);
  // With the modules in sight, the program loads what it needs.
  const loaded = await here.run(["-Ln"], undefined, program);
  report.note("without IPVS: the module is loaded", loaded.status === 0 && existsSync("/proc/net/ip_vs") ? [] : [loaded.stderr]);
  here.close();
  execFileSync("modprobe", ["ip_vs"]);
}
