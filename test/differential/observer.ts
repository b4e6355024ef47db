/** Reads the kernel's table of its own namespace at every line of standard input, and writes it as a line of JSON. */
import { createInterface } from "node:readline";
import { KernelTable } from "./kernel-table";

const table = new KernelTable();
const lines = createInterface(process.stdin);
lines.on("line", () => {
  void table.read().then((read) => process.stdout.write(`${JSON.stringify(read)}\n`));
});
lines.on("close", () => process.exit(0));
