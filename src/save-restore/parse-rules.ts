import { Failure } from "../command-line/failure";
import type { Intent } from "../command-line/intent";
import { type ParseContext, parseCommandLine } from "../command-line/parse";
import { PoptFailure } from "../command-line/popt";
import type { Lines, Place, Problem } from "./lines";

/** What a line of rules means, and where its command stands. */
export interface Rule {
  readonly place: Place;
  readonly intent: Intent;
}

/**
 * Hands out what each line means, and whether a line before it could not be
 * read; one at a time, since to keep all of a long file's is memory, and in
 * user-mode Linux time. Returns what is wrong with those that could not be
 * read, the bytes among it.
 */
export async function parseRules(lines: Lines, context: ParseContext, use: (rule: Rule, afterUnread: boolean) => void): Promise<Problem[]> {
  const problems: Problem[] = [];
  while (lines.next()) {
    const words = lines.words();
    if (words.length === 0) continue;
    try {
      const intent = parseCommandLine(words, context);
      use({ place: lines.place(0), intent: intent instanceof Promise ? await intent : intent }, problems.length + lines.problems.length > 0);
    } catch (error) {
      if (!(error instanceof Failure) && !(error instanceof PoptFailure)) throw error;
      const message = error instanceof Failure && error.noCommand ? `no command: ${words[0] ?? ""}` : error.message.trimEnd();
      // Where no word is to blame, the command is.
      problems.push({ ...lines.place(error.at ?? 0), message });
    }
  }
  return [...lines.problems, ...problems];
}
