/** lvs-director(8). */
import { exitWith } from "./exit-with";
import { processWorld } from "./process-world";
import { director } from "./director/program";
import { Machine } from "./settings/machine";

const { out, error, environment } = processWorld();
const coloured = process.stdout.isTTY === true && !environment["NO_COLOR"] && environment["TERM"] !== "dumb";
exitWith(director(process.argv.slice(2), { out, error, coloured, machine: new Machine() }));
