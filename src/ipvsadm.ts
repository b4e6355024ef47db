/** ipvsadm(8). */
import { executeLate } from "./commands/late";
import { run } from "./commands/run";
import { exitWith } from "./exit-with";
import { processWorld } from "./process-world";

exitWith(() => run(process.argv.slice(2), processWorld(), executeLate));
