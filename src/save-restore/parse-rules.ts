import { Failure } from "../command-line/failure";
import type { Intent } from "../command-line/intent";
import { type ParseContext, parseWords } from "../command-line/parse";
import { PoptFailure } from "../command-line/popt";
import { columnOf, type Line, type Problem, wordsOf } from "./lines";

/** A line of rules, and what it means. */
export interface Rule {
  readonly line: Line;
  readonly intent: Intent;
}

/** What every line means, or what is wrong with each that means nothing. */
export async function parseRules(
  lines: readonly Line[],
  context: ParseContext,
): Promise<{ rules: Rule[]; problems: Problem[] }> {
  const rules: Rule[] = [];
  const problems: Problem[] = [];
  for (const line of lines) {
    const words = wordsOf(line);
    if (words.length === 0) continue;
    try {
      const intent = parseWords(words, context);
      rules.push({ line, intent: intent instanceof Promise ? await intent : intent });
    } catch (error) {
      if (!(error instanceof Failure) && !(error instanceof PoptFailure)) throw error;
      // Where no word is to blame, the command is.
      const column = columnOf(line, error.at ?? 0);
      const message = error instanceof Failure && error.noCommand ? `no command: ${words[0] ?? ""}` : error.message.trimEnd();
      problems.push({ line: line.number, column, message });
    }
  }
  return { rules, problems };
}
