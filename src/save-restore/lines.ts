/**
 * The words of each line of rules: white space parts them, the word "ipvsadm"
 * may stand anywhere and says nothing, and a line without words is none.
 */
export function splitRules(input: Buffer): string[][] {
  return input
    .toString("utf8")
    .split("\n")
    .map((line) => line.split(/[ \t\r]+/).map(untilNul).filter((word) => word !== "" && word !== "ipvsadm"))
    .filter((words) => words.length > 0);
}

/** A C string ends at its first NUL. */
const untilNul = (word: string): string => word.split("\0", 1)[0] ?? "";
