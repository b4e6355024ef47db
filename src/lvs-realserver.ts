/** lvs-realserver(8). */
import { exitWith } from "./exit-with";
import { processWorld } from "./process-world";
import { realServer } from "./real-server/program";
import { Machine } from "./settings/machine";

const { out, error, environment } = processWorld();
const coloured = process.stdout.isTTY === true && !environment["NO_COLOR"] && environment["TERM"] !== "dumb";
exitWith(realServer(process.argv.slice(2), { out, error, coloured, machine: new Machine() }));
