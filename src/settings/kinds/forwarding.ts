import { readdirSync } from "node:fs";
import { z } from "zod";
import { AF } from "../../ipvs/constants";
import type { Family } from "../../ipvs/model";
import { defineKind, type NameOf } from "../kind";
import type { Machine } from "../machine";
import { deviceOf, keyOfDevice, sysctlName } from "../sysctl";

export const forwardingSetting = z.object({
  kind: z.literal("forwarding"),
  family: z.union([z.literal(AF.INET), z.literal(AF.INET6)]),
});

/** What one write changes besides: the kernel sets it for every device, whatever each had. */
interface Switch {
  readonly key: string;
  /** What each becomes (inet_forward_change in net/ipv4/devinet.c, addrconf_forward_change in net/ipv6/addrconf.c). */
  besides(on: boolean): Map<string, string>;
}

function devices(folder: string): string[] {
  try {
    return readdirSync(`/proc/sys/${folder}`).filter((device) => device !== "all");
  } catch {
    return [];
  }
}

const OFF = "0";
const flag = (on: boolean): string => (on ? "1" : OFF);
const everywhere = (folder: string, on: boolean): [string, string][] =>
  devices(folder).map((device) => [`${folder}/${device}/forwarding`, flag(on)]);

const SWITCHES: Readonly<Record<Family, Switch>> = {
  [AF.INET]: {
    key: "net/ipv4/ip_forward",
    besides: (on) => new Map([...everywhere("net/ipv4/conf", on), ["net/ipv4/conf/all/accept_redirects", flag(!on)]]),
  },
  [AF.INET6]: { key: "net/ipv6/conf/all/forwarding", besides: (on) => new Map(everywhere("net/ipv6/conf", on)) },
};

/** Below /proc/sys/net, in the folder of a device: what `besides` can name. */
const KEY = /^net\/ipv[46]\/conf\/(?!\.\.?\/)[^/\0\s]+\/(forwarding|accept_redirects)$/;

const state = z.object({
  forwards: z.string(),
  /** Everything that the switch changes besides. */
  besides: z.record(z.string().regex(KEY), z.string()),
});

function values(machine: Machine, keys: Iterable<string>): Record<string, string> {
  const found = [...keys].sort().map((key) => [key, machine.sysctls.read(key)] as const);
  return Object.fromEntries(found.flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));
}

/** None where the device is gone. */
function renamed([key, value]: readonly [key: string, value: string], nameOf: NameOf): [string, string][] {
  const device = deviceOf(key);
  if (device === undefined) return [[key, value]];
  const name = nameOf(device);
  return name === undefined ? [] : [[keyOfDevice(key, name), value]];
}

/** Packets for others are passed on. */
export const forwarding = defineKind({
  setting: forwardingSetting,
  state,
  id: ({ family }) => `forwarding ${family}`,
  subject: ({ family }) => sysctlName(SWITCHES[family].key),
  wanted: () => "1",
  shown: ({ forwards }) => forwards,
  read: async (machine, { family }) => {
    const { key, besides } = SWITCHES[family];
    const forwards = machine.sysctls.read(key);
    return forwards === undefined ? undefined : { forwards, besides: values(machine, besides(true).keys()) };
  },
  // IPv6 takes any number but 0 for yes.
  holds: (_setting, { forwards }) => forwards !== OFF,
  obstacle: async (machine, { family }, found) => (found === undefined ? undefined : machine.sysctls.obstacle(SWITCHES[family].key, machine.rehearses)),
  apply: async (machine, { family }) => machine.sysctls.write(SWITCHES[family].key, "1"),
  restore: async (machine, { family }, before) => {
    const { key, besides } = SWITCHES[family];
    if (before.forwards !== OFF) return;
    const made = besides(machine.sysctls.read(key) !== OFF);
    const now = values(machine, made.keys());
    machine.sysctls.write(key, OFF);
    for (const [one, value] of Object.entries(now)) {
      // What is not as the switch made it was changed since, and stays; devices that came since follow the switch.
      const wanted = value === made.get(one) ? before.besides[one] : value;
      if (wanted !== undefined && machine.sysctls.read(one) !== wanted) machine.sysctls.write(one, wanted);
    }
  },
  // It is off already, and what that has changed is to follow.
  unfinished: (found, before) => found.forwards === OFF && before.forwards === OFF,
  devices: (_setting, before) => [...new Set(Object.keys(before?.besides ?? {}).flatMap((key) => deviceOf(key) ?? []))],
  renamedState: ({ forwards, besides }, nameOf) => ({ forwards, besides: Object.fromEntries(Object.entries(besides).flatMap((one) => renamed(one, nameOf))) }),
  command: async (_machine, { family }) => command(family, "1"),
  undo: ({ family }, { forwards }) => (forwards === OFF ? command(family, forwards) : undefined),
});

const command = (family: Family, value: string): string => `sysctl -w ${sysctlName(SWITCHES[family].key)}=${value}`;
