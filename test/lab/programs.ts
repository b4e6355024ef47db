import { resolve } from "node:path";

/** Where the programs are that the tests run: the tree's bin/, or the folder of an installed executable. */
export const PROGRAMS = resolve(process.env["LAB_PROGRAMS"] || "bin");
