import { files } from "#files";
import { UsageError } from "./cli/usage-error";
import { bytesOf } from "./netlink/text";
import { andThen, orElse, type Soon } from "./soon";

const STDERR = 2;
/** What a shell reports of a program that SIGPIPE (13) ended. */
export const SIGPIPE_STATUS = 128 + 13;
const UNWRITTEN = 1;
const MISUSED = 2;
/** EX_SOFTWARE of sysexits.h: what nobody foresaw. */
const UNFORESEEN = 70;

/** Runs a program, and ends the process with the status that it comes to. */
export function exitWith(program: () => Soon<number>): void {
  void andThen(orElse(program, unforeseen), (status) => process.exit(status));
}

/** Told by its stack alone: Node would print the line that threw it, and a bundle's lines are long. */
function unforeseen(error: unknown): number {
  files.write(STDERR, bytesOf(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`), 0);
  return UNFORESEEN;
}

/** A status, or where the output is not whole, one that says so: ipvsadm's own says nothing, the other programs do. */
export function withOutput(program: string, status: number, { error, unwritten }: { error(text: string): void; unwritten(): string | undefined }): number {
  const why = unwritten();
  if (why === undefined) return status;
  error(`${program}: standard output: ${why}\n`);
  return status || UNWRITTEN;
}

/** What `parse` gives is carried out, or shown where it is text; a line on standard error where the words are wrong. */
export async function withUsage<Call extends object>(
  program: string,
  parse: () => Promise<Call | string>,
  work: (call: Call) => Promise<number>,
  streams: { out(text: string): void; error(text: string): void; unwritten(): string | undefined },
): Promise<number> {
  let call: Call | string;
  try {
    call = await parse();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    streams.error(`${program}: ${error.message}\n`);
    return MISUSED;
  }
  if (typeof call === "string") streams.out(call);
  return withOutput(program, typeof call === "string" ? 0 : await work(call), streams);
}
