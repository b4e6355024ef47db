import { z } from "zod";
import { packExternalTunnel } from "../../rtnetlink/codec";
import { defineKind, ofLink } from "../kind";
import { linkName } from "../link-name";

export const linkSetting = z.object({
  kind: z.literal("link"),
  link: linkName,
  type: z.string().regex(/^[a-z0-9_]+$/),
  /** Which makes one of that name in each namespace, if it is let. */
  module: z.string(),
  /**
   * Of IPv6: takes packets of any protocol inside and from anybody ("external"), also from an address that this machine
   * has. A namespace has one such device.
   */
  external: z.boolean().optional(),
});

/** 0: modules make their devices in each namespace. */
const ONLY_FIRST = "net/core/fb_tunnels_only_for_init_net";

/** The device that a tunnel's module comes with; or one like it, created. */
export const link = defineKind({
  setting: linkSetting,
  /** Its kind; null where it is not there. */
  state: z.object({ type: z.string().nullable() }),
  id: ({ link }) => `link ${link}`,
  subject: ({ link }) => `link ${link}`,
  wanted: ({ type }) => `of type ${type}`,
  shown: ({ type }) => (type === null ? "not there" : `of type ${type || "none"}`),
  read: async (machine, { link, module }) => {
    const found = await machine.route.link(link);
    if (found === undefined && !machine.modules.loaded(module)) return undefined;
    return { type: found === undefined ? null : (found.kind ?? "") };
  },
  holds: ({ type }, found) => found.type === type,
  obstacle: async (_machine, { link, type }, found) =>
    found === undefined || found.type === null || found.type === type ? undefined : `the link ${link} is of type ${found.type || "none"}, not ${type}`,
  apply: (machine, { link, type, external = false }) => machine.route.createLink(link, type, external ? packExternalTunnel : undefined),
  restore: async (machine, { link }, { type }) => {
    const there = await machine.route.link(link);
    if (type === null && there !== undefined) await machine.route.deleteLink(there);
  },
  ...ofLink,
  command: async (machine, { link, type, module, external = false }) =>
    external
      ? `ip link add ${link} type ${type} external allow-localremote`
      : !machine.modules.loaded(module) && (machine.sysctls.read(ONLY_FIRST) ?? "0") === "0" ? undefined : `ip link add ${link} type ${type}`,
  undo: ({ link }, { type }) => (type === null ? `ip link delete ${link}` : undefined),
});
