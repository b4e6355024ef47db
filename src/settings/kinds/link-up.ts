import { z } from "zod";
import { IFF } from "../../rtnetlink/constants";
import { defineKind, ofLink } from "../kind";
import { linkName } from "../link-name";

export const linkUpSetting = z.object({ kind: z.literal("link-up"), link: linkName });

const words = (up: boolean): string => (up ? "up" : "down");
const command = (link: string, up: boolean): string => `ip link set ${link} ${words(up)}`;

export const linkUp = defineKind({
  setting: linkUpSetting,
  state: z.object({ up: z.boolean() }),
  id: ({ link }) => `link-up ${link}`,
  subject: ({ link }) => `link ${link}`,
  wanted: () => words(true),
  shown: ({ up }) => words(up),
  read: async (machine, { link }) => {
    const found = await machine.route.link(link);
    return found && { up: (found.flags & IFF.UP) !== 0 };
  },
  holds: (_setting, { up }) => up,
  apply: async (machine, { link }) => machine.route.setUp(await machine.link(link), true),
  restore: async (machine, { link }, { up }) => machine.route.setUp(await machine.link(link), up),
  ...ofLink,
  command: async (_machine, { link }) => command(link, true),
  undo: ({ link }, { up }) => command(link, up),
});
