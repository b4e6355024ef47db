import fs from "node:fs";
import { filesByNode } from "./by-node";
import type { Files } from "./files";

export const files: Files = filesByNode(fs);
