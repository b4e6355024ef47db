/**
 * The services of the system (system/) in the lab: the init script with two shells, and the units by Debian's systemd.
 *
 * LAB_ONLY=TEXT runs the suites whose names contain TEXT; LAB_SHARE=N, where N is more than 1, a part.
 */
import { Report } from "../differential/suites/suite";
import { SHARE } from "../lab/share";
import { Machine } from "./machine";
import type { Suite } from "./suite";
import { initScript } from "./suites/init-script";
import { units } from "./suites/units";

const SUITES: readonly Suite[] = [initScript("dash", true), initScript("busybox", false), units];
/** Where time is short: one of the shells, and every unit. */
const SHORT: readonly Suite[] = [initScript("busybox", false), units];

async function main(): Promise<boolean> {
  const report = new Report();
  const machine = new Machine();
  await machine.boot();
  const only = process.env["LAB_ONLY"];
  const suites = SHARE > 1 ? SHORT : SUITES;
  for (const suite of suites.filter(({ name }) => only === undefined || name.includes(only))) {
    const start = Date.now();
    const { passed, failed } = report;
    try {
      await suite.run(machine, report);
    } catch (error) {
      report.note(`${suite.name}: to its end`, [String(error instanceof Error ? error.stack : error)]);
    }
    const failures = report.failed - failed;
    const seconds = ((Date.now() - start) / 1000).toFixed(1);
    console.log(`${failures === 0 ? "ok    " : "FAILED"} ${suite.name}: ${report.passed - passed + failures} cases, ${failures} failed, ${seconds} s`);
  }
  await machine.shutDown();
  console.log(`services: ${report.totals}`);
  return report.failed === 0;
}

main().then(
  (good) => process.exit(good ? 0 : 1),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
