/** What npm runs when it has installed the package. Bundled, this file is in dist/. */
import { join } from "node:path";
import { pinPrograms } from "./pin-node";

pinPrograms(join(__dirname, ".."), process.execPath);
