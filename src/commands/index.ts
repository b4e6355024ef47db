/** One entry a command: what an intent does. Each returns ipvsadm's exit status. What brings much with it, or is called least, is loaded when it is called for. */
import type { Intent } from "../command-line/intent";
import type { World } from "../world";
import { change } from "./change";
import { listServices } from "./list-services";
import { version } from "./version";

export async function execute(intent: Intent, world: World): Promise<number> {
  switch (intent.kind) {
    case "change": return change(intent.change, world);
    case "list-services": return listServices(intent, world);
    case "list-connections": return (await import("./list-connections")).listConnections(intent, world);
    case "list-timeouts": return (await import("./list-timeouts")).listTimeouts(world);
    case "list-daemons": return (await import("./list-daemons")).listDaemons(world);
    case "save": return (await import("./save")).save(intent, world);
    case "restore": return (await import("./restore")).restore(world);
    case "help": return (await import("./help")).help(world);
    case "version": return version(world);
  }
}
