/** Random command lines over a small world, so that they meet: from a seed, so that a failure can be had again. */
import { TUNNEL_TYPES } from "../../src/command-line/legality";
import { COMMANDS, OPTIONS, type OptionName } from "../../src/command-line/options";
import type { Case } from "./cases/case";
import { COMMAND_SAMPLES, OPTION_SAMPLES } from "./cases/samples";

export type Random = () => number;

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const SCHEDULERS = ["rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed", "nq", "fo", "ovf", "mh", "nosuch"];
const HOSTS = ["10.0.0.1", "10.0.0.2", "10.0.0.3"];
const HOSTS6 = ["[2001:db8::1]", "[2001:db8::2]"];
const PORTS = ["80", "443", "http", "5060"];
const SERVERS = ["10.1.0.1", "10.1.0.2", "10.1.0.3:8080", "10.1.0.4:http", "[2001:db8::a]:80", "[2001:db8::b]:8080"];
const MARKS = ["1", "2", "77"];

/** A command line that is legal more often than not. */
export function randomCase(random: Random): Case {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  const maybe = (chance: number, ...words: string[]): string[] => (random() < chance ? words : []);
  const shuffle = (groups: string[][]): string[] =>
    groups.map((words) => ({ words, key: random() })).sort((a, b) => a.key - b.key).flatMap(({ words }) => words);

  const service = (): string[] => {
    const kind = random();
    if (kind < 0.15) return ["-f", pick(MARKS)];
    if (kind < 0.25) return ["-f", pick(MARKS), "-6"];
    const host = kind < 0.45 ? pick(HOSTS6) : pick(HOSTS);
    return [pick(["-t", "-t", "-u", "--sctp-service", "--tcp-service"]), `${host}:${pick(PORTS)}`];
  };
  const serviceOptions = (): string[][] => [
    maybe(0.7, "-s", pick(SCHEDULERS)),
    maybe(0.3, ...pick([["-p"], ["-p", "100"], ["--persistent=5"], ["-p0"]])),
    maybe(0.2, "-M", pick(["255.255.255.0", "64", "24", "0.0.0.0"])),
    maybe(0.1, "-o"),
    maybe(0.1, "--pe", "sip"),
    maybe(0.1, "-b", pick(["flag-1", "sh-port", "mh-fallback,mh-port", "flag-2,flag-1"])),
  ];
  const serverOptions = (): string[][] => [
    maybe(0.8, pick(["-g", "-i", "-m", "-i"])),
    maybe(0.6, "-w", pick(["0", "1", "100", "65535"])),
    maybe(0.2, "-x", pick(["0", "10", "100"])),
    maybe(0.2, "-y", pick(["0", "5", "50"])),
    maybe(0.3, "--tun-type", pick([...TUNNEL_TYPES, "gue"])),
    maybe(0.3, "--tun-port", pick(["6080", "0"])),
    maybe(0.2, pick(["--tun-csum", "--tun-nocsum", "--tun-remcsum"])),
  ];
  const view = (): string[][] => [
    maybe(0.9, "-n"),
    maybe(0.5, pick(["--stats", "--rate", "--thresholds", "--persistent-conn", "--tun-info", "--exact", "--timeout", "--daemon", "-c"])),
    maybe(0.2, pick(["--exact", "--sort"])),
  ];
  const anything = (): string[] => {
    const command = COMMAND_SAMPLES[pick(COMMANDS)];
    const options = Array.from({ length: Math.floor(random() * 4) }, (): OptionName => pick(OPTIONS));
    return [...command.first, ...shuffle([...command.required, ...options].map((option) => [...OPTION_SAMPLES[option]])), ...(command.rest ?? [])];
  };

  const kind = random();
  if (kind < 0.2) return { words: ["-A", ...shuffle([service(), ...serviceOptions()])] };
  if (kind < 0.3) return { words: ["-E", ...shuffle([service(), ...serviceOptions()])] };
  if (kind < 0.35) return { words: ["-D", ...service()] };
  if (kind < 0.6) return { words: ["-a", ...shuffle([service(), ["-r", pick(SERVERS)], ...serverOptions()])] };
  if (kind < 0.68) return { words: ["-e", ...shuffle([service(), ["-r", pick(SERVERS)], ...serverOptions()])] };
  if (kind < 0.73) return { words: ["-d", ...service(), "-r", pick(SERVERS)] };
  if (kind < 0.85) return { words: ["-L", ...shuffle(view())] };
  if (kind < 0.88) return { words: ["-L", ...shuffle([service(), ...view()])] };
  if (kind < 0.91) return { words: ["-S", "-n"] };
  if (kind < 0.92) return { words: ["--set", pick(["0", "100"]), pick(["0", "50"]), pick(["0", "30", "x"])] };
  return { words: anything() };
}
