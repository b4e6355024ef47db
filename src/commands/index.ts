/** One entry a command: what an intent does. Each returns ipvsadm's exit status. */
import type { Intent } from "../command-line/intent";
import type { Soon } from "../soon";
import type { World } from "../world";
import { change } from "./change";
import { listDaemons } from "./list-daemons";
import { listServices } from "./list-services";
import { listTimeouts } from "./list-timeouts";
import { version } from "./version";

/** What brings much with it, or is called least. */
export type LateIntent = Extract<Intent, { kind: "list-connections" | "save" | "restore" | "help" }>;
/** Carries it out, by code that is loaded when it is called for (late.ts). */
export type Late = (intent: LateIntent, world: World) => Promise<number>;

export function execute(intent: Intent, world: World, late: Late): Soon<number> {
  switch (intent.kind) {
    case "change": return change(intent.change, world);
    case "list-services": return listServices(intent, world);
    case "list-timeouts": return listTimeouts(world);
    case "list-daemons": return listDaemons(world);
    case "version": return version(world);
    default: return late(intent, world);
  }
}
