/**
 * lvs-realserver and lvs-director on a real kernel, in the lab: what they
 * change in network namespaces, and that it goes back.
 *
 * LAB_ONLY=TEXT,... runs the suites whose names contain a TEXT; LAB_SHARE=N, where N
 * is more than 1, some, and of their cases one of N; FULL=1 chooses the long
 * forms; SEED=N the random moments, and which cases a share has.
 */
import { execFileSync } from "node:child_process";
import { Report } from "../differential/suites/suite";
import { whyNot } from "../lab/kernel";
import { loadIpv6 } from "../lab/ipv6";
import { SHARE } from "../lab/share";
import { FULL, SEED } from "../restore/settings";
import { Lab } from "./lab";
import { SHORT, SHORTEST, SUITES } from "./suites";

/** In user-mode Linux the tunnels are modules: their devices appear in every namespace that is there. */
const MODULES = ["ip_vs", "ipip", "sit", "ip_gre", "fou", "ip6_tunnel", "ip6_gre", "fou6"];

async function main(): Promise<boolean> {
  loadIpv6();
  for (const name of MODULES) execFileSync("modprobe", ["-q", name]);
  const only = process.env["LAB_ONLY"]?.split(",");
  const report = new Report();
  const lab = new Lab();
  console.log(`machine: SEED=${SEED}${FULL ? " FULL=1" : ""}`);
  const suites = SHARE === 1 ? SUITES : SHARE < 16 ? SHORT : SHORTEST;
  for (const suite of suites.filter(({ name }) => only === undefined || only.some((text) => name.includes(text)))) {
    const reason = whyNot(suite.not);
    if (reason !== undefined) {
      report.leaveOut(suite.name, reason);
      continue;
    }
    const start = Date.now();
    const { passed, failed } = report;
    try {
      await suite.run(lab, report);
    } catch (error) {
      report.note(`${suite.name}: to its end`, [String(error instanceof Error ? error.stack : error)]);
    }
    const failures = report.failed - failed;
    const seconds = ((Date.now() - start) / 1000).toFixed(1);
    console.log(`${failures === 0 ? "ok    " : "FAILED"} ${suite.name}: ${report.passed - passed + failures} cases, ${failures} failed, ${seconds} s`);
  }
  lab.close();
  console.log(`machine: ${report.totals}`);
  return report.failed === 0;
}

main().then(
  (good) => process.exit(good ? 0 : 1),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
