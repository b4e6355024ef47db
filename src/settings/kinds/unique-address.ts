import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { IFA_FLAG, IFF } from "../../rtnetlink/constants";
import { hostPrefix, parseIp } from "../../rtnetlink/ip";
import { SettingsFailure } from "../failure";
import { defineKind, ofLink } from "../kind";
import { linkName } from "../link-name";
import type { Machine } from "../machine";

export const uniqueAddressSetting = z.object({
  kind: z.literal("unique-address"),
  link: linkName,
  /** Of IPv6, alone in its network. */
  address: z.string(),
});
type UniqueAddressSetting = z.infer<typeof uniqueAddressSetting>;

const STATES = {
  absent: "not there",
  asking: "still asking",
  /** Without a carrier, the kernel asks when there is one. */
  waiting: "waits for the link",
  duplicate: "another machine has it",
  unique: "no other machine has it",
} as const;
const state = z.enum(["absent", "asking", "waiting", "duplicate", "unique"]);

/** The kernel asks after up to a second, and waits for one more (RFC 4862); all that can be set to be more. */
const PATIENCE = 20_000;
const INTERVAL = 200;

async function read(machine: Machine, setting: UniqueAddressSetting): Promise<z.infer<typeof state> | undefined> {
  const link = await machine.route.link(setting.link);
  if (link === undefined) return undefined;
  const found = (await machine.route.addresses()).find(
    ({ index, address, prefix, family }) => index === link.index && address === setting.address && prefix === hostPrefix(family),
  );
  if (found === undefined) return "absent";
  if ((found.flags & IFA_FLAG.DADFAILED) !== 0) return "duplicate";
  if ((found.flags & IFA_FLAG.TENTATIVE) === 0) return "unique";
  return (link.flags & IFF.RUNNING) === 0 ? "waiting" : "asking";
}

/** Whether duplicate address detection found no other machine that has an IPv6 address, which is there already. */
export const uniqueAddress = defineKind({
  setting: uniqueAddressSetting,
  state,
  id: ({ link, address }) => `unique-address ${address} ${link}`,
  subject: ({ link, address }) => `${parseIp(address)?.address ?? address} around ${link}`,
  wanted: () => STATES.unique,
  shown: (found) => STATES[found],
  read,
  holds: (_setting, found) => found === "unique" || found === "waiting",
  apply: async (machine, setting) => {
    const deadline = Date.now() + PATIENCE;
    for (let found = await read(machine, setting); found === "asking" && Date.now() < deadline; found = await read(machine, setting)) {
      await pause(INTERVAL);
    }
    if ((await read(machine, setting)) === "duplicate") {
      throw new SettingsFailure(`${setting.address}: another machine around ${setting.link} has it`);
    }
  },
  // It goes with the address.
  restore: async () => {},
  ...ofLink,
  command: async (_machine, { link, address }) => `until [ -z "$(ip address show dev ${link} to ${address} tentative)" ]; do sleep 0.1; done`,
  undo: () => undefined,
});
