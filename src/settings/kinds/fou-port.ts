import { z } from "zod";
import { AF } from "../../ipvs/constants";
import { FOU_TYPE } from "../../rtnetlink/constants";
import type { FouPort } from "../../rtnetlink/model";
import { defineKind } from "../kind";
import type { Machine } from "../machine";

export const fouPortSetting = z.object({
  kind: z.literal("fou-port"),
  port: z.int().min(1).max(65535),
  family: z.union([z.literal(AF.INET), z.literal(AF.INET6)]),
});
type FouPortSetting = z.infer<typeof fouPortSetting>;

const find = async (machine: Machine, { port, family }: FouPortSetting): Promise<FouPort | undefined> =>
  (await (await machine.fou())?.ports())?.find((found) => found.port === port && found.family === family);

const command = (verb: string, { port, family }: FouPortSetting, rest: string): string =>
  `ip ${family === AF.INET6 ? "-6 " : ""}fou ${verb} port ${port}${rest}`;

/** A UDP port on which Generic UDP Encapsulation is unwrapped. */
export const fouPort = defineKind({
  setting: fouPortSetting,
  /** FOU_ENCAP_GUE, another type, or null for none. */
  state: z.object({ type: z.number().nullable() }),
  id: ({ port, family }) => `fou-port ${port} ${family}`,
  subject: ({ port, family }) => `UDP port ${port} of ${family === AF.INET6 ? "IPv6" : "IPv4"}`,
  wanted: () => "unwraps GUE",
  shown: ({ type }) => (type === null ? "unwraps nothing" : type === FOU_TYPE.GUE ? "unwraps GUE" : "unwraps another encapsulation"),
  read: async (machine, setting) => ({ type: (await find(machine, setting))?.type ?? null }),
  holds: (_setting, { type }) => type === FOU_TYPE.GUE,
  obstacle: async (_machine, { port }, found) =>
    found === undefined || found.type === null || found.type === FOU_TYPE.GUE
      ? undefined
      : `UDP port ${port} unwraps another encapsulation than GUE already`,
  apply: async (machine, { port, family }) => (await machine.fouLoaded()).add({ port, family, type: FOU_TYPE.GUE, protocol: 0 }),
  restore: async (machine, setting, { type }) => {
    const there = await find(machine, setting);
    if (type === null && there !== undefined) await (await machine.fouLoaded()).delete(there);
  },
  command: async (_machine, setting) => command("add", setting, " gue"),
  undo: (setting, { type }) => (type === null ? command("del", setting, "") : undefined),
});
