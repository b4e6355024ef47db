import { z } from "zod";
import { AF } from "../../ipvs/constants";
import { IFA_FLAG, RT_SCOPE } from "../../rtnetlink/constants";
import { hostPrefix, type IpAddress, parseIp } from "../../rtnetlink/ip";
import type { LinkAddress } from "../../rtnetlink/model";
import { defineKind, ofLink } from "../kind";
import { linkName } from "../link-name";
import type { Machine } from "../machine";
import { sysctlName } from "../sysctl";

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
const OFF = "0";
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

/** Why a device takes no IPv6 address, of which the kernel says "permission denied" (inet6_addr_add in net/ipv6/addrconf.c). */
function withoutIpv6(machine: Machine, link: string): string | undefined {
  const key = `net/ipv6/conf/${link}/disable_ipv6`;
  const name = sysctlName(key);
  return (machine.sysctls.read(key) ?? OFF) === OFF ? undefined : `${link}: IPv6 is switched off (${name} is 1): sysctl -w ${name}=0`;
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
  obstacle: async (machine, setting) => (isLong(setting) ? withoutIpv6(machine, setting.link) : undefined),
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
  ...ofLink,
  elsewhere: async (machine, setting) => {
    const { family, address } = ip.parse(setting.address);
    const other = (await machine.route.addresses()).find((one) => one.address === address && one.family === family && one.prefix === hostPrefix(family));
    const device = (await machine.route.links()).find(({ index }) => index === other?.index)?.name;
    return device && `is on ${device}: was ${setting.link} renamed? (ip address delete ${text(setting)} dev ${device})`;
  },
  command: async (machine, setting) => {
    const name = await label(machine, setting);
    if (name !== undefined) machine.promisedLabels.add(name);
    const rest = [...(name === undefined ? [] : ["label", name]), ...(isSilent(setting) ? ["nodad"] : isLong(setting) ? ["preferred_lft", "0"] : [])];
    return ["ip", "address", "add", text(setting), "dev", setting.link, ...rest].join(" ");
  },
  undo: (setting, { present }) => (present ? undefined : `ip address delete ${text(setting)} dev ${setting.link}`),
});
