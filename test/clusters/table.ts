/**
 * A director's table, twice: as /proc has it, which costs nothing to look at again and again while waiting, and as
 * `ipvsadm -Ln` tells it, which is what counts.
 */
import { readFileSync } from "node:fs";
import type { Machine } from "./cluster";
import type { Story } from "./story";

/** The weight of each server, by service: { "192.168.0.38:80": { "192.168.0.18:80": 1 } }. */
export type Table = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Every line of a listing, as words. Addresses of /proc are hexadecimal: C0A80026:0050. */
const parse = (text: string, address: (word: string) => string): Table => {
  const table: Record<string, Record<string, number>> = {};
  let servers: Record<string, number> = {};
  for (const [first, second, , weight] of text.split("\n").map((line) => line.trim().split(/\s+/))) {
    if (second === undefined) continue;
    if (first === "TCP" || first === "UDP") table[address(second)] = servers = {};
    else if (first === "->" && weight !== "Weight") {
      if (!/^\d+$/.test(weight ?? "")) throw new Error(`a server's line has no weight: ${second} ${weight}`);
      servers[address(second)] = Number(weight);
    }
  }
  return table;
};

const dotted = (word: string): string => {
  const [, address, port] = /^([0-9A-F]{8}):([0-9A-F]{4})$/.exec(word) ?? [];
  if (address === undefined || port === undefined) throw new Error(`no IPv4 address and port: ${word}`);
  const bytes = address.match(/../g) ?? [];
  return `${bytes.map((byte) => parseInt(byte, 16)).join(".")}:${parseInt(port, 16)}`;
};

const sorted = (table: Table): string =>
  Object.entries(table)
    .map(([service, servers]) => `${service}: ${Object.entries(servers).map(([server, weight]) => `${server} ${weight}`).sort().join(", ") || "none"}`)
    .sort()
    .join("; ") || "empty";

/** Whether the namespace of the process has just this table, in any order. */
export const hasTable = (pid: number, table: Table): boolean => {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/net/ip_vs`, "latin1");
  } catch {
    return false; // no IPVS yet
  }
  return sorted(parse(text, dotted)) === sorted(table);
};

/** Lists the director's table with our ipvsadm, and asserts that it is this one. */
export const expectTable = async (story: Story, director: Machine, what: string, table: Table): Promise<void> => {
  const found = sorted(parse(await story.command(director, "ipvsadm", "-Ln"), (word) => word));
  const held = found === sorted(table);
  story.check(what, held, held ? "" : `${found}; expected: ${sorted(table)}`); // the listing has been shown
};
