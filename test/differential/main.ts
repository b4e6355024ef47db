/**
 * The differential suite, in the lab: command lines through Debian's ipvsadm
 * and through ours, in two namespaces of one kernel; stdout, stderr, status
 * and the kernel's table must be the same.
 *
 * LAB_ONLY=TEXT runs the suites whose names contain TEXT; LAB_SHARE=N runs
 * one case of N; SEED and STEPS choose the random command lines.
 */
import { spawnSync } from "node:child_process";
import { z } from "zod";
import { groups } from "./cases";
import { MESSAGES } from "./messages";
import { makeNamespaces, Rig, SUBJECT } from "./rig";
import { connections } from "./suites/connections";
import { SHARE } from "../lab/share";
import { counters } from "./suites/counters";
import { groupSuite } from "./suites/groups";
import { names } from "./suites/names";
import { processes } from "./suites/processes";
import { random } from "./suites/random";
import { Report, type Suite } from "./suites/suite";
import { withoutIpvs } from "./suites/without-ipvs";

const INSIDE = "--inside";
/** To these, kernels make no difference: from a share of 16 on they are left to another lane. */
const OWN: readonly Suite[] = [counters, names, processes];
const SUITES: readonly Suite[] = [...groups.map(groupSuite), random, connections, ...(SHARE < 16 ? OWN : [])];

async function main(): Promise<boolean> {
  const report = new Report();
  const only = process.env["LAB_ONLY"];
  if (!process.argv.includes(INSIDE)) {
    if (only === undefined) await withoutIpvs(report);
    makeNamespaces();
    const inside = spawnSync("nsenter", [`--net=/run/netns/${SUBJECT}`, process.execPath, __filename, INSIDE, JSON.stringify([...report.messages.provoked])], { stdio: "inherit" });
    console.log(`without IPVS: ${report.passed} passed, ${report.failed} failed`);
    return inside.status === 0 && report.failed === 0;
  }
  const before = z.array(z.tuple([z.string(), z.string()])).parse(JSON.parse(process.argv.at(-1) ?? "[]"));
  for (const [text, by] of before) report.messages.provoked.set(text, by);

  const rig = new Rig();
  for (const suite of SUITES.filter(({ name }) => only === undefined || name.includes(only))) {
    const start = Date.now();
    const { passed, failed } = report;
    await suite.run(rig, report);
    const seconds = ((Date.now() - start) / 1000).toFixed(1);
    const differ = report.failed - failed;
    console.log(`${differ === 0 ? "ok    " : "FAILED"} ${suite.name}: ${report.passed - passed + differ} cases, ${differ} differ, ${seconds} s`);
  }
  rig.close();
  if (only === undefined && process.env["LAB_SHARE"] === undefined) printMessages(report);
  console.log(`differential: ${report.totals}`);
  return report.failed === 0;
}

/** Each message of ipvsadm 1.31 with the case that provoked it from the reference. */
function printMessages(report: Report): void {
  console.log("\nmessages of ipvsadm 1.31, and what provokes each:");
  for (const { text, unprovoked } of MESSAGES) {
    const by = report.messages.provoked.get(text);
    console.log(`  ${text.trim()}\n      ${by?.split("\n", 1)[0] ?? (unprovoked === undefined ? "NOTHING" : `not provoked: ${unprovoked}`)}`);
  }
  report.note("every message is provoked", report.messages.missing());
}

main().then(
  (good) => process.exit(good ? 0 : 1),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
