import { writeSync } from "node:fs";

/** EX_SOFTWARE of sysexits.h: what nobody foresaw. */
const UNFORESEEN = 70;

/**
 * Ends the process with a status. An error that nobody foresaw is told by its
 * stack alone: Node would print the line that threw it, and a bundle's lines
 * are long.
 */
export function exitWith(status: Promise<number>): void {
  void status.then(
    (code) => process.exit(code),
    (error: unknown) => {
      writeSync(2, `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      process.exit(UNFORESEEN);
    },
  );
}
