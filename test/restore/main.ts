/**
 * Save and restore on a real kernel, in the lab: what ipvsadm-save,
 * ipvsadm-restore and ipvsadm -R promise.
 *
 * LAB_ONLY=TEXT,... runs the suites whose names contain one of these; LAB_SHARE=N, where N
 * is more than 1, most of them, with fewer cases, from 16 on a few; FULL=1 chooses the long forms; SEED=N the
 * random tables and moments.
 */
import { spawnSync } from "node:child_process";
import { makeNamespaces, SUBJECT } from "../differential/rig";
import { Report } from "../differential/suites/suite";
import { Lab, type Suite } from "./lab";
import { HERE } from "../lab/kernel";
import { SHARE } from "../lab/share";
import { FULL, SEED } from "./settings";
import { growing } from "./suites/growing";
import { hashSchedulers } from "./suites/hash-schedulers";
import { inOrder } from "./suites/in-order";
import { drain } from "./suites/drain";
import { killed } from "./suites/killed";
import { malformed } from "./suites/malformed";
import { race } from "./suites/race";
import { randomTables } from "./suites/random-tables";
import { refused } from "./suites/refused";
import { save } from "./suites/save";
import { skipBad } from "./suites/skip-bad";
import { traffic } from "./suites/traffic";
import { welcome } from "./suites/welcome";

const INSIDE = "--inside";
const SUITES: readonly Suite[] = [malformed, welcome, skipBad, refused, inOrder, save, randomTables, drain, hashSchedulers, race, growing, killed, traffic];
/** They start many processes, which is quickest in the newer user-mode kernel. */
const DEAR: readonly Suite[] = [hashSchedulers, killed];
/** Where time is short: each plays a share of its cases. */
const MOST: readonly Suite[] = SUITES.filter((suite) => suite !== traffic && !DEAR.includes(suite));
/** What differs most between kernels. */
const SHORT: readonly Suite[] = [welcome, refused, drain, growing];

async function main(): Promise<boolean> {
  if (!process.argv.includes(INSIDE)) {
    makeNamespaces();
    const words = [`--net=/run/netns/${SUBJECT}`, process.execPath, __filename, INSIDE];
    return spawnSync("nsenter", words, { stdio: "inherit" }).status === 0;
  }
  const only = process.env["LAB_ONLY"];
  const report = new Report();
  const lab = await Lab.open();
  console.log(`restore: SEED=${SEED}${FULL ? " FULL=1" : ""}`);
  const suites = SHARE === 1 ? SUITES : [...(SHARE < 16 ? MOST : SHORT), ...(HERE === "uml7" ? DEAR : [])];
  for (const suite of suites.filter(({ name }) => only === undefined || only.split(",").some((text) => name.includes(text)))) {
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
  console.log(`restore: ${report.totals}`);
  return report.failed === 0;
}

main().then(
  (good) => process.exit(good ? 0 : 1),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
