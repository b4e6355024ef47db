/** The standalone executable: every program, by the name that it is called by. */
import { run } from "../commands/run";
import { exitWith } from "../exit-with";
import { processWorld } from "../process-world";
import type { LINKS } from "./layout";

const INSTALL = "--install";

/** All but ipvsadm itself. Each runs as it is loaded. */
const LINKED: Readonly<Record<(typeof LINKS)[number], () => Promise<unknown>>> = {
  "ipvsadm-save": () => import("../ipvsadm-save"),
  "ipvsadm-restore": () => import("../ipvsadm-restore"),
  "lvs-realserver": () => import("../lvs-realserver"),
  "lvs-director": () => import("../lvs-director"),
};

const isLinked = (name: string): name is keyof typeof LINKED => Object.hasOwn(LINKED, name);

// Bun has a path within the executable here, where programs look for their name.
process.argv[1] = process.argv0;
const name = process.argv0.slice(process.argv0.lastIndexOf("/") + 1);
if (process.argv[2] === INSTALL) void import("./install");
else if (isLinked(name)) void LINKED[name]();
// What init scripts call forty times is not loaded late: each piece less to load is a hundredth of a start.
else exitWith(run(process.argv.slice(2), processWorld()));
