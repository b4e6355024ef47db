import { files } from "#files";

const STDERR = 2;
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
      files.write(STDERR, Buffer.from(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`), 0);
      process.exit(UNFORESEEN);
    },
  );
}
