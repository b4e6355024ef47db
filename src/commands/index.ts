/** One entry a command: what an intent does. Each returns ipvsadm's exit status. */
import type { Intent } from "../command-line/intent";
import type { World } from "../world";
import { change } from "./change";
import { help } from "./help";
import { listConnections } from "./list-connections";
import { listDaemons } from "./list-daemons";
import { listServices } from "./list-services";
import { listTimeouts } from "./list-timeouts";
import { restore } from "./restore";
import { save } from "./save";
import { version } from "./version";

export async function execute(intent: Intent, world: World): Promise<number> {
  switch (intent.kind) {
    case "change": return change(intent.change, world);
    case "list-services": return listServices(intent, world);
    case "list-connections": return listConnections(intent, world);
    case "list-timeouts": return listTimeouts(world);
    case "list-daemons": return listDaemons(world);
    case "save": return save(intent, world);
    case "restore": return restore(world);
    case "help": return help(world);
    case "version": return version(world);
  }
}
