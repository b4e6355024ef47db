/** One command line for both programs. */
export interface Case {
  readonly words: readonly string[];
  readonly stdin?: string;
  /** Both programs read the same namespace: the order of lines must be the same, the kernel's included. */
  readonly sameTable?: boolean;
}

/** Cases over one table, given as rules. */
export interface Group {
  readonly name: string;
  readonly rules: string;
  readonly cases: readonly Case[];
}

/** Words as they are typed; none of these needs quotes. */
export const typed = (line: string): Case => ({ words: line.split(" ").filter((word) => word !== "") });

export const rules = (...lines: string[]): string => lines.map((line) => `${line}\n`).join("");

/** Whether a command line can change nothing, so that the tables need no look. */
export const readsOnly = ({ words }: Case): boolean => words.length === 0 || /^(-[LlS]|--list|--save)/.test(words[0] ?? "");
