/**
 * Where our program differs from ipvsadm 1.31 on purpose, and nowhere else.
 * Each rule makes two outcomes alike only where the difference is the one
 * that is meant.
 */
import type { Case } from "./cases/case";
import type { Outcome } from "./reference";

const first = ({ words }: Case): string => words[0] ?? "";
const isHelp = (one: Case): boolean => first(one) === "--help" || /^-h/.test(first(one));
const isSave = (one: Case): boolean => first(one) === "--save" || /^-S/.test(first(one));
const isRestore = (one: Case): boolean => first(one) === "--restore" || /^-R/.test(first(one));
const unordered = (one: Case): boolean => one.words.includes("--nosort") && !one.sameTable;

/** What is left of an outcome that must be the same for both programs. */
export function comparable(one: Case, outcome: Outcome): Outcome {
  return meantAlike(one, one.sameTable ? outcome : withoutSize(outcome));
}

/** From Linux 7 on each namespace has a hash table of its own, as large as it happens to need. */
export const withoutSize = (outcome: Outcome): Outcome => ({
  ...outcome,
  stdout: outcome.stdout.replace(/^(IP Virtual Server version [0-9.]+ \(size=)[0-9]+\)$/gm, "$1any)"),
});

function meantAlike(one: Case, outcome: Outcome): Outcome {
  if (isHelp(one)) return { ...outcome, stdout: outcome.stdout === "" ? "" : "(the help text)" };
  if (isRestore(one)) return restored(one, outcome);
  if (isSave(one)) return { ...outcome, stdout: outcome.stdout.replace(/^(.*?)$/gm, withoutMends) };
  if (unordered(one)) return { ...outcome, stdout: outcome.stdout.split("\n").sort().join("\n") };
  return outcome;
}

/** -R names the line that the kernel refused. */
const restored = (one: Case, outcome: Outcome): Outcome => ({
  ...outcome,
  stderr: outcome.stderr.replace(/^stdin:[0-9]+:[0-9]+: /gm, ""),
  stdout: one.stdin?.startsWith("-h") ? "(the help text)" : outcome.stdout,
});

/** A line of -S without the thresholds and flags that 1.31 forgets, and its mark as 1.31 writes it. */
const withoutMends = (line: string): string =>
  line
    .replace(/ -[xy] [0-9]+/g, "")
    .replace(/( -s (?:sh|mh) .*-b .*?),?flag-3/, "$1").replace(/^(-[Aa] -f )([0-9]+)/, (_, start: string, mark: string) => start + (Number(mark) | 0));
