/** Runs our programs inside of one network namespace, without a process for each: an order is a line of JSON, so is its answer. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { director } from "../../src/director/program";
import { realServer } from "../../src/real-server/program";
import { Machine } from "../../src/settings/machine";
import type { SettingsWorld } from "../../src/settings/world";

const PROGRAMS: Readonly<Record<string, (words: readonly string[], world: SettingsWorld) => Promise<number>>> = {
  "lvs-director": director,
  "lvs-realserver": realServer,
};

/** Whose sysctls are compared. */
const PROC_SYS = "/proc/sys/net/";
const TREES = ["ipv4/conf", "ipv6/conf", "ipv4/vs"];
const FILES = ["ipv4/ip_forward"];

export const order = z.union([
  z.object({ program: z.string(), words: z.array(z.string()), coloured: z.boolean() }),
  z.object({ sysctls: z.literal(true) }),
  z.object({ nobody: z.literal(true) }),
  z.object({ umask: z.int() }),
]);

async function run(program: string, words: readonly string[], coloured: boolean) {
  let stdout = "";
  let stderr = "";
  const machine = new Machine();
  const world: SettingsWorld = { out: (text) => (stdout += text), error: (text) => (stderr += text), coloured, machine, interruption: () => new AbortController().signal };
  try {
    const status = await (PROGRAMS[program] ?? (() => Promise.reject(new Error(`no program is called ${program}`))))(words, world);
    return { stdout, stderr, status };
  } catch (error) {
    return { stdout, stderr: `${stderr}${error instanceof Error ? error.stack : String(error)}\n`, status: 70 };
  } finally {
    machine.close();
  }
}

/** Each as "ipv4/conf/lo/arp_ignore 1"; those that only their owner may read are left out. */
function sysctls(path: string, isFolder: boolean): string[] {
  try {
    if (!isFolder) return [`${path.slice(PROC_SYS.length)} ${readFileSync(path, "utf8").trim()}`];
    return readdirSync(path, { withFileTypes: true }).flatMap((entry) => sysctls(join(path, entry.name), entry.isDirectory()));
  } catch {
    return [];
  }
}

const everySysctl = (): string[] =>
  [...TREES.flatMap((tree) => sysctls(PROC_SYS + tree, true)), ...FILES.flatMap((file) => sysctls(PROC_SYS + file, false))].sort();

const NOBODY = 65534;

/** For good. What programs load late is loaded before: the tree may be root's alone. */
async function becomeNobody(): Promise<object> {
  for (const program of Object.keys(PROGRAMS)) await run(program, ["status"], false);
  process.setgroups?.([]);
  process.setgid?.(NOBODY);
  process.setuid?.(NOBODY);
  return {};
}

async function main(): Promise<void> {
  for await (const line of createInterface(process.stdin)) {
    const wanted = order.parse(JSON.parse(line));
    const answer = "sysctls" in wanted ? everySysctl() : "nobody" in wanted ? await becomeNobody() : "umask" in wanted ? { umask: process.umask(wanted.umask) } : await run(wanted.program, wanted.words, wanted.coloured);
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
}

void main().then(() => process.exit(0));
