import { z } from "zod";
import { defineKind } from "../kind";
import { linkName } from "../link-name";

export const linkSetting = z.object({ kind: z.literal("link"), link: linkName, type: z.string().regex(/^[a-z0-9_]+$/) });

/** A link that is created, of one of the kernel's kinds with nothing to say of it. */
export const link = defineKind({
  setting: linkSetting,
  /** Its kind; null where it is not there. */
  state: z.object({ type: z.string().nullable() }),
  id: ({ link }) => `link ${link}`,
  subject: ({ link }) => `link ${link}`,
  wanted: ({ type }) => `of type ${type}`,
  shown: ({ type }) => (type === null ? "not there" : `of type ${type || "none"}`),
  read: async (machine, { link }) => {
    const found = await machine.route.link(link);
    return { type: found === undefined ? null : (found.kind ?? "") };
  },
  holds: ({ type }, found) => found.type === type,
  obstacle: async (_machine, { link, type }, found) =>
    found === undefined || found.type === null || found.type === type ? undefined : `the link ${link} is of type ${found.type || "none"}, not ${type}`,
  apply: (machine, { link, type }) => machine.route.createLink(link, type),
  restore: async (machine, { link }, { type }) => {
    const there = await machine.route.link(link);
    if (type === null && there !== undefined) await machine.route.deleteLink(there);
  },
  command: async (_machine, { link, type }) => `ip link add ${link} type ${type}`,
  undo: ({ link }, { type }) => (type === null ? `ip link delete ${link}` : undefined),
});
