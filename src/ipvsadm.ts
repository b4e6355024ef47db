/** ipvsadm(8). */
import { run } from "./commands/run";
import { processWorld } from "./process-world";

void run(process.argv.slice(2), processWorld()).then((status) => process.exit(status));
