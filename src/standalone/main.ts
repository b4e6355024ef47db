/**
 * The standalone executable: every program, by the name that it is called by.
 * What init scripts call forty times is in this bundle (build beside it); the
 * rest is in others that take nothing from it: to hand out would slow its start
 * (test/bench/README.md).
 */
import { tryLibc } from "../files/libc";
import { run } from "../commands/run";
import { exitWith } from "../exit-with";
import { processWorld } from "../process-world";

const INSTALL = "--install";

// Bun has a path within the executable here, where programs look for their name.
process.argv[1] = process.argv0;
const name = process.argv0.slice(process.argv0.lastIndexOf("/") + 1);
if (process.argv[2] === INSTALL) void load("standalone/install");
else runAs(name);

function runAs(name: string): void {
  switch (name) {
    case "ipvsadm-save":
    case "ipvsadm-restore":
    case "lvs-realserver":
    case "lvs-director": return void load(name);
    default: return exitWith(() => run(process.argv.slice(2), processWorld(), ipvsadm));
  }
}

/** The whole of ipvsadm begins anew with its first word, and ends the process. */
function ipvsadm(): Promise<never> {
  return load("ipvsadm").then(() => new Promise(() => {}));
}

/**
 * Another program of the executable, which runs as it is loaded. By a path that the bundler does not follow.
 * Those read their input and change things before they first call libc: whether that can be called is found out here.
 */
function load(program: string): Promise<unknown> {
  tryLibc();
  return import(`${import.meta.dirname}/${program}.js`);
}
