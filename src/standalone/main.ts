/** The standalone executable: every program, by the name that it is called by. */
import { MAIN, PROGRAMS } from "./programs";

const INSTALL = "--install";

const isProgram = (name: string): name is keyof typeof PROGRAMS => Object.hasOwn(PROGRAMS, name);

// Bun has a path within the executable here, where programs look for their name.
process.argv[1] = process.argv0;
const name = process.argv0.slice(process.argv0.lastIndexOf("/") + 1);
void (process.argv[2] === INSTALL ? import("./install") : PROGRAMS[isProgram(name) ? name : MAIN]());
