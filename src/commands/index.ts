/** One entry a command: what an intent does. Each returns ipvsadm's exit status. What brings much with it, or is called least, is loaded when it is called for. */
import type { Intent } from "../command-line/intent";
import type { Soon } from "../soon";
import type { World } from "../world";
import { change } from "./change";
import { listServices } from "./list-services";
import { version } from "./version";

export function execute(intent: Intent, world: World): Soon<number> {
  switch (intent.kind) {
    case "change": return change(intent.change, world);
    case "list-services": return listServices(intent, world);
    case "list-connections": return import("./list-connections").then(({ listConnections }) => listConnections(intent, world));
    case "list-timeouts": return import("./list-timeouts").then(({ listTimeouts }) => listTimeouts(world));
    case "list-daemons": return import("./list-daemons").then(({ listDaemons }) => listDaemons(world));
    case "save": return import("./save").then(({ save }) => save(intent, world));
    case "restore": return import("./restore").then(({ restore }) => restore(world));
    case "help": return import("./help").then(({ help }) => help(world));
    case "version": return version(world);
  }
}
