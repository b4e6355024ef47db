import type { ChildProcess } from "node:child_process";
import { parseDottedQuad, parseIpv6 } from "../ipvs/address";
import { AF } from "../ipvs/constants";
import type { Address, Family } from "../ipvs/model";

/** How long a list waits for the names of hosts, in all, in milliseconds. */
export const PATIENCE = 2_000;
/** How many processes ask at once. */
const ASKERS = 8;

/**
 * Whether a name may be asked for: the resolver reads more than names, a zone
 * after "%" among it; Node makes others out of letters beyond ASCII, and Bun
 * takes "*" for this machine.
 */
const mayBeAsked = (name: string): boolean => /^[!-~]+$/.test(name) && !/[:%*]/.test(name);

/** The address of a host, by whatever the system's resolver asks; IPv4 before IPv6. */
export async function hostAddress(name: string): Promise<{ family: Family; address: Address } | undefined> {
  if (!mayBeAsked(name)) return undefined;
  const { lookup } = await import("node:dns/promises");
  for (const family of [4, 6] as const) {
    try {
      const found = await lookup(name, { family });
      if (family === 6) return ipv6(found.address);
      const ipv4 = parseDottedQuad(found.address);
      if (ipv4 !== undefined) return { family: AF.INET, address: ipv4 };
    } catch {
      // No address of this family.
    }
  }
  return undefined;
}

function ipv6(text: string): { family: Family; address: Address } | undefined {
  const address = parseIpv6(text);
  return address && { family: AF.INET6, address };
}

/**
 * The names of many hosts, by the text of their addresses; what the resolver
 * does not know, or not within `patience` milliseconds, is left out.
 *
 * getent(1) asks, since it knows every source that the C library knows and
 * can be stopped: a look-up in this process would keep it from ending until
 * the resolver gives up.
 */
export async function hostNames(
  addresses: Iterable<string>,
  patience: number,
): Promise<Map<string, string>> {
  const unique = [...new Set(addresses)];
  const names = new Map<string, string>();
  if (unique.length === 0 || patience <= 0) return names;
  const { spawn } = await import("node:child_process");
  const share = Math.ceil(unique.length / ASKERS);
  const children: ChildProcess[] = [];
  const timer = setTimeout(() => children.forEach((child) => child.kill("SIGKILL")), patience);
  const ask = (some: readonly string[]): Promise<void> =>
    new Promise((resolve) => {
      const child = spawn("getent", ["hosts", ...some], { stdio: ["ignore", "pipe", "ignore"] });
      children.push(child);
      let text = "";
      child.stdout.setEncoding("utf8").on("data", (part: string) => (text += part));
      child.on("error", () => resolve());
      child.on("close", () => (readAnswers(text, names), resolve()));
    });
  const shares = [];
  for (let at = 0; at < unique.length; at += share) shares.push(ask(unique.slice(at, at + share)));
  await Promise.all(shares);
  clearTimeout(timer);
  return names;
}

/** Lines of "address name aliases"; the last may be cut. */
function readAnswers(text: string, names: Map<string, string>): void {
  for (const line of text.split("\n").slice(0, -1)) {
    const [address, name] = line.split(/[ \t]+/);
    if (address !== undefined && name !== undefined && name !== "") names.set(address, name);
  }
}
