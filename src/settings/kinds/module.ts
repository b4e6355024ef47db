import { z } from "zod";
import { defineKind } from "../kind";

export const moduleSetting = z.object({ kind: z.literal("module"), name: z.string().regex(/^[a-z0-9_]+$/) });

/**
 * A kernel module is loaded, or built in. It stays loaded: it is the whole
 * machine's, and other namespaces may need it by now.
 */
export const module = defineKind({
  setting: moduleSetting,
  state: z.object({ loaded: z.boolean() }),
  id: ({ name }) => `module ${name}`,
  subject: ({ name }) => `module ${name}`,
  wanted: () => "loaded",
  shown: ({ loaded }) => (loaded ? "loaded" : "not loaded"),
  read: async (machine, { name }) => ({ loaded: machine.modules.loaded(name) }),
  holds: (_setting, { loaded }) => loaded,
  apply: async (machine, { name }) => machine.modules.load(name),
  restore: async () => {},
  command: async (_machine, { name }) => `modprobe ${name}`,
  undo: () => undefined,
});
