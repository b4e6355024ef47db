import { z } from "zod";
import { AF } from "../../ipvs/constants";
import { IFA_FLAG, RT_SCOPE } from "../../rtnetlink/constants";
import { hostPrefix, type IpAddress, parseIp } from "../../rtnetlink/ip";
import type { LinkAddress } from "../../rtnetlink/model";
import { defineKind } from "../kind";
import { linkName } from "../link-name";
import type { Machine } from "../machine";

const ip = z.string().transform((text, context): IpAddress => {
  const parsed = parseIp(text);
  if (parsed !== undefined) return parsed;
  context.addIssue(`${text} is no address`);
  return z.NEVER;
});

export const addressSetting = z.object({
  kind: z.literal("address"),
  link: linkName,
  /** Alone, without other addresses of its network: /32, or /128. */
  address: z.string().refine((text) => ip.safeParse(text).success, { error: "no address" }),
  /** Named LINK:N, N the lowest that is free. IPv4 alone has names. */
  numbered: z.boolean(),
  /**
   * IPv6, on a director: the network is asked first whether another machine has it, and told if none has
   * (net.ipv6.conf.LINK.ndisc_notify). It is deprecated, so that packets to real servers, which have it too, have
   * another source: their tunnel devices drop what claims to come from themselves.
   */
  asking: z.boolean().optional(),
});
type AddressSetting = z.infer<typeof addressSetting>;

const text = ({ address }: AddressSetting): string => `${address}/${hostPrefix(ip.parse(address).family)}`;
const isLong = ({ address }: AddressSetting): boolean => ip.parse(address).family === AF.INET6;

/** On a real server, nobody is asked whether another machine has the VIP: many have. */
const isSilent = (setting: AddressSetting): boolean => isLong(setting) && setting.asking !== true;

async function found(machine: Machine, setting: AddressSetting): Promise<LinkAddress | undefined> {
  const link = await machine.link(setting.link);
  const { family, address } = ip.parse(setting.address);
  const all = await machine.route.addresses();
  return all.find((one) => one.index === link.index && one.address === address && one.family === family && one.prefix === hostPrefix(family));
}

/** The label that the address gets, or has; labels that a rehearsal has given away are taken, too. */
async function label(machine: Machine, setting: AddressSetting): Promise<string | undefined> {
  if (!setting.numbered || isLong(setting)) return undefined;
  const own = (await found(machine, setting))?.label;
  if (own !== undefined) return own;
  const taken = new Set((await machine.route.addresses()).map((one) => one.label));
  for (let number = 0; ; number++) {
    const free = `${setting.link}:${number}`;
    if (!taken.has(free) && !machine.promisedLabels.has(free)) return free;
  }
}

export const address = defineKind({
  setting: addressSetting,
  state: z.object({ present: z.boolean() }),
  id: (setting) => `address ${text(setting)} ${setting.link}`,
  subject: (setting) => `address ${text(setting)} on ${setting.link}`,
  wanted: () => "there",
  shown: ({ present }) => (present ? "there" : "not there"),
  read: async (machine, setting) =>
    (await machine.route.link(setting.link)) === undefined ? undefined : { present: (await found(machine, setting)) !== undefined },
  holds: (_setting, { present }) => present,
  apply: async (machine, setting) => {
    const { family, address } = ip.parse(setting.address);
    const { index } = await machine.link(setting.link);
    const flags = isSilent(setting) ? IFA_FLAG.NODAD : 0;
    await machine.route.addAddress({
      index,
      family,
      address,
      prefix: hostPrefix(family),
      flags,
      scope: RT_SCOPE.UNIVERSE,
      label: await label(machine, setting),
      deprecated: isLong(setting) && setting.asking === true,
    });
  },
  restore: async (machine, setting, { present }) => {
    const there = await found(machine, setting);
    if (!present && there !== undefined) await machine.route.deleteAddress({ ...there, flags: 0 });
  },
  command: async (machine, setting) => {
    const name = await label(machine, setting);
    if (name !== undefined) machine.promisedLabels.add(name);
    const rest = [...(name === undefined ? [] : ["label", name]), ...(isSilent(setting) ? ["nodad"] : isLong(setting) ? ["preferred_lft", "0"] : [])];
    return ["ip", "address", "add", text(setting), "dev", setting.link, ...rest].join(" ");
  },
  undo: (setting, { present }) => (present ? undefined : `ip address delete ${text(setting)} dev ${setting.link}`),
});
