/** Whether a table is one that a restore may leave on its way from an old table to a new one. */
import type { ShownService, ShownTable } from "./proc-table";

/** What is wrong with it. */
export function betweenProblems(old: ShownTable, wanted: ShownTable, found: ShownTable): string[] {
  const problems: string[] = [];
  for (const id of new Set([...old.keys(), ...wanted.keys(), ...found.keys()])) {
    const [before, after, now] = [old.get(id), wanted.get(id), found.get(id)];
    if (now !== undefined) problems.push(...serviceProblems(before, after, now).map((problem) => `${id}: ${problem}`));
    else if (before !== undefined && after !== undefined) problems.push(`${id}: it is in both tables, and is not there`);
  }
  return problems;
}

function serviceProblems(before: ShownService | undefined, after: ShownService | undefined, now: ShownService): string[] {
  const sides = [before, after].filter((side) => side !== undefined);
  if (sides.length === 0) return ["it is in neither table"];
  const problems: string[] = [];
  if (sides.every(({ line }) => line !== now.line)) problems.push(`it is neither the old one nor the new one: ${now.line}`);
  for (const [server, line] of now.servers) {
    if (sides.every(({ servers }) => servers.get(server) !== line)) problems.push(`a server is neither an old one nor a new one: ${line}`);
  }
  const missing = (servers: Iterable<string>): string[] => [...servers].filter((server) => !now.servers.has(server));
  if (before === undefined) return problems;
  // A service that goes, goes whole.
  if (after === undefined) return [...problems, ...missing(before.servers.keys()).map((server) => `it goes, and server ${server} went before it`)];

  const stay = [...before.servers.keys()].filter((server) => after.servers.has(server));
  problems.push(...missing(stay).map((server) => `server ${server} is in both tables, and is not there`));
  if (missing(before.servers.keys()).length > 0 && missing(after.servers.keys()).length > 0) problems.push("a server left before the new ones were in");
  if (now.servers.size === 0) problems.push("it is without servers");
  return problems;
}
