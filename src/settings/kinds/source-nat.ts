import { z } from "zod";
import { type Network, networkText, parseNetwork } from "../../rtnetlink/network";
import { parseIp } from "../../rtnetlink/ip";
import { SettingsFailure } from "../failure";
import { FIREWALLS, type Firewall, type Translation } from "../firewall";
import { defineKind } from "../kind";

const network = (text: string): Network | undefined => {
  const found = parseNetwork(text);
  return typeof found === "string" ? undefined : found;
};

export const sourceNatSetting = z.object({
  kind: z.literal("source-nat"),
  vip: z.string().refine((text) => parseIp(text) !== undefined, { error: "no address" }),
  /** Where the servers are: a network of the same family. */
  servers: z.string().refine((text) => network(text) !== undefined, { error: "no network" }),
});

function translation({ vip, servers }: z.infer<typeof sourceNatSetting>): Translation {
  const address = parseIp(vip);
  const towards = network(servers);
  if (address === undefined || towards === undefined) throw new Error(`${vip} towards ${servers} is no source NAT`);
  return { vip: address, servers: towards };
}

/**
 * Connections to a VIP go on to its servers with an address of this machine:
 * the servers' answers come back here, whatever their routes.
 */
export const sourceNat = defineKind({
  setting: sourceNatSetting,
  /** In which firewall the rule is; whether somebody changed it. */
  state: z.object({ by: z.string().nullable(), altered: z.boolean() }),
  id: ({ vip, servers }) => `source-nat ${vip} ${servers}`,
  subject: (setting) => `source NAT of ${setting.vip} towards ${networkText(translation(setting).servers)}`,
  wanted: () => "there",
  shown: ({ by, altered }) => (by === null ? "not there" : `${altered ? "altered" : "there"}, by ${by}`),
  read: async (_machine, setting) => {
    const wanted = translation(setting);
    for (const firewall of FIREWALLS) {
      const found = firewall.find(wanted);
      if (found !== "absent") return { by: firewall.name, altered: found === "altered" };
    }
    return { by: null, altered: false };
  },
  holds: (_setting, { by, altered }) => by !== null && !altered,
  apply: async (_machine, setting) => {
    const wanted = translation(setting);
    const reasons: string[] = [];
    for (const firewall of FIREWALLS) {
      const reason = firewall.add(wanted) ?? (firewall.find(wanted) === "there" ? undefined : "the rule is not there afterwards");
      if (reason === undefined) return;
      reasons.push(`${firewall.name}: ${reason}`);
    }
    throw new SettingsFailure(`no firewall here can do source NAT (${reasons.join("; ")})`);
  },
  restore: async (_machine, setting, { by }) => {
    if (by !== null) return;
    const wanted = translation(setting);
    for (const firewall of FIREWALLS) {
      if (firewall.find(wanted) !== "there") continue;
      const reason = firewall.remove(wanted);
      if (reason !== undefined) throw new SettingsFailure(`${firewall.name}: ${reason}`);
    }
  },
  command: async (_machine, setting) => {
    const wanted = translation(setting);
    const first = FIREWALLS.find((firewall) => firewall.canAdd(wanted)) ?? (FIREWALLS[0] satisfies Firewall);
    return first.addCommand(wanted);
  },
  undo: (setting, { by }) => {
    if (by !== null) return undefined;
    const wanted = translation(setting);
    return FIREWALLS.find((firewall) => firewall.find(wanted) === "there")?.removeCommand(wanted);
  },
});
