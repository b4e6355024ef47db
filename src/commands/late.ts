/** The commands that are loaded when they are called for. */
import type { World } from "../world";
import type { LateIntent } from ".";

export function executeLate(intent: LateIntent, world: World): Promise<number> {
  switch (intent.kind) {
    case "list-connections": return import("./list-connections").then(({ listConnections }) => listConnections(intent, world));
    case "save": return import("./save").then(({ save }) => save(intent, world));
    case "restore": return import("./restore").then(({ restore }) => restore(world));
    case "help": return import("./help").then(({ help }) => help(world));
  }
}
