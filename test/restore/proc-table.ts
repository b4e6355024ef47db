/** The table as /proc/net/ip_vs shows it: quick to read, and enough for TCP services without thresholds. */
import { readFileSync } from "node:fs";

export interface ShownService {
  /** With its scheduler and flags. */
  readonly line: string;
  /** Their lines without what traffic changes, by address and port. */
  readonly servers: ReadonlyMap<string, string>;
}
/** By protocol, address and port. */
export type ShownTable = ReadonlyMap<string, ShownService>;

const HEADING = 3;

export function shownTable(): ShownTable {
  const table = new Map<string, ShownService>();
  let servers = new Map<string, string>();
  for (const line of readFileSync("/proc/net/ip_vs", "latin1").trimEnd().split("\n").slice(HEADING)) {
    const words = line.trim().split(/ +/);
    if (words[0] === "->") {
      servers.set(words[1] ?? "", words.slice(1, 4).join(" "));
      continue;
    }
    servers = new Map();
    table.set(words.slice(0, 2).join(" "), { line: words.join(" "), servers });
  }
  return table;
}

/** One text for one table. */
export const asText = (table: ShownTable): string =>
  [...table.values()]
    .map(({ line, servers }) => [line, ...[...servers.values()].sort()].join("\n  "))
    .sort()
    .join("\n");
