import { Failure } from "../command-line/failure";
import type { Intent } from "../command-line/intent";
import { type ParseContext, parseCommandLine } from "../command-line/parse";
import { PoptFailure } from "../command-line/popt";
import type { Lines, Place, UnreadLine } from "./lines";

/** What a line of rules means, and where its command stands. */
export interface Rule {
  readonly place: Place;
  readonly intent: Intent;
}

/** Who takes what lines mean. */
export interface RuleTaker {
  /** `afterUnread`: a line before it could not be read. */
  rule(rule: Rule, afterUnread: boolean): void;
  unread?(line: UnreadLine): void | Promise<void>;
}

/**
 * Hands out what each line means, and whether a line before it could not be
 * read; one at a time, since to keep all of a long file's is memory, and in
 * user-mode Linux time. Returns the lines that could not be read.
 */
export async function parseRules(lines: Lines, context: ParseContext, taker: RuleTaker): Promise<UnreadLine[]> {
  const unread: UnreadLine[] = [];
  let bytes = 0;
  const note = async (line: UnreadLine): Promise<void> => {
    unread.push(line);
    await taker.unread?.(line);
  };
  const noteBytes = async (): Promise<void> => {
    for (const line of lines.problems.slice(bytes)) await note(line);
    bytes = lines.problems.length;
  };
  while (lines.next()) {
    if (lines.problems.length > bytes) await noteBytes();
    const words = lines.words();
    if (words.length === 0) continue;
    try {
      const intent = parseCommandLine(words, context);
      taker.rule({ place: lines.place(0), intent: intent instanceof Promise ? await intent : intent }, unread.length > 0);
    } catch (error) {
      if (!(error instanceof Failure) && !(error instanceof PoptFailure)) throw error;
      const message = error instanceof Failure && error.noCommand ? `no command: ${words[0] ?? ""}` : error.message.trimEnd();
      // Where no word is to blame, the command is.
      await note({ ...lines.place(error.at ?? 0), message, words, comment: false });
    }
  }
  await noteBytes();
  return unread;
}
