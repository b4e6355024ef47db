/** The standalone executable: every program, by the name that it is called by. */
import { run } from "../commands/run";
import { exitWith } from "../exit-with";
import { processWorld } from "../process-world";

const INSTALL = "--install";

// Bun has a path within the executable here, where programs look for their name.
process.argv[1] = process.argv0;
const name = process.argv0.slice(process.argv0.lastIndexOf("/") + 1);
if (process.argv[2] === INSTALL) void import("./install");
else runAs(name);

/** Each program runs as it is loaded. What init scripts call forty times is not loaded late: each piece less to load is a hundredth of a start. */
function runAs(name: string): void {
  switch (name) {
    case "ipvsadm-save": return void import("../ipvsadm-save");
    case "ipvsadm-restore": return void import("../ipvsadm-restore");
    case "lvs-realserver": return void import("../lvs-realserver");
    case "lvs-director": return void import("../lvs-director");
    default: return exitWith(() => run(process.argv.slice(2), processWorld()));
  }
}
