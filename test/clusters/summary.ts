/** What came of the scenarios, in a line each and in a table. */
import Table from "cli-table3";
import { leftOutInWords } from "../lab/kernel";
import type { Finding } from "./story";

/** A scenario that was played, or why it was not. */
export type Played =
  | { readonly name: string; readonly reason: string }
  | {
      readonly name: string;
      readonly findings: readonly Finding[];
      /** The reasons of its parts that were not played. */
      readonly leftOut: readonly string[];
      readonly sent: number;
      readonly failed: number;
      readonly seconds: number;
      readonly problem?: string;
    };

const HEAD = ["scenario", "what", "requests", "answers by server", "expected", "failed", "time"];

const line = (played: Played): string => {
  if ("reason" in played) return `left out  ${played.name}: ${played.reason}`;
  const { name, findings, leftOut, sent, failed, seconds, problem } = played;
  const parts = leftOutInWords(leftOut, " of its parts");
  const counts = `${sent} requests, ${failed} failed, ${findings.length} expectations${parts}, ${seconds.toFixed(1)} s`;
  return problem === undefined ? `ok        ${name}: ${counts}` : `FAILED    ${name}: ${problem} (${counts})`;
};

const failures = (finding: Finding): string => /nobody (\d+)/.exec(finding.found)?.[1] ?? "0";

const rows = (played: Played): string[][] => {
  if ("reason" in played) return [[played.name, `left out: ${played.reason}`, "", "", "", "", ""]];
  const { name, findings, seconds, problem } = played;
  const told = findings.map((finding) =>
    finding.expected === ""
      ? [finding.what, "", finding.found, finding.held ? "" : "not so", ""]
      : [finding.what, String(finding.sent), finding.found, finding.expected, failures(finding)],
  );
  const all = problem === undefined ? told : [...told, [`FAILED: ${problem}`, "", "", "", ""]];
  return all.map((cells, index) => [index === 0 ? name : "", ...cells, index === 0 ? `${seconds.toFixed(1)} s` : ""]);
};

const table = (played: readonly Played[]): string => {
  const drawn = new Table({
    head: HEAD,
    style: { head: [], border: [], compact: true },
    colWidths: [null, 44, null, 36, 36, null, null],
    wordWrap: true,
  });
  for (const one of played) drawn.push(...rows(one));
  const sum = (pick: (one: Exclude<Played, { reason: string }>) => number): number =>
    played.reduce((total, one) => total + ("reason" in one ? 0 : pick(one)), 0);
  const reasons = played.flatMap((one) => ("reason" in one ? [one.reason] : []));
  const parts = played.flatMap((one) => ("reason" in one ? [] : one.leftOut));
  const bad = played.filter((one) => "problem" in one).length;
  const totals = `${played.length - reasons.length} scenarios, ${bad} failed${leftOutInWords(reasons)}${leftOutInWords(parts, " of their parts")}; ${sum(({ sent }) => sent)} requests, ${sum(({ findings }) => findings.length)} expectations, ${sum(({ seconds }) => seconds).toFixed(0)} s`;
  return `${drawn.toString()}\nclusters: ${totals}`;
};

export const summary = { line, table };
