/** One line a case; of a case that fails, why. */

const OK = "ok    ";
const FAILED = "FAILED ";

export class Cases {
  passed = 0;
  failed = 0;

  note(name: string, problems: readonly string[]): void {
    if (problems.length === 0) this.passed++;
    else this.failed++;
    console.log([`${problems.length === 0 ? OK : FAILED}${name}`, ...problems.map((problem) => `  ${problem}`)].join("\n"));
  }

  /** Runs what may throw: then that is the problem. */
  async attempt(name: string, part: () => readonly string[] | Promise<readonly string[]>): Promise<void> {
    try {
      this.note(name, await part());
    } catch (error) {
      this.note(name, [error instanceof Error ? error.message : String(error)]);
    }
  }

  /** A line of the cases of another process. */
  relay(line: string): void {
    if (line.startsWith(OK)) this.passed++;
    if (line.startsWith(FAILED)) this.failed++;
    console.log(line);
  }
}

export const same = (what: string, expected: readonly string[], found: readonly string[]): string[] =>
  JSON.stringify(expected) === JSON.stringify(found) ? [] : [`${what}: ${JSON.stringify(found)}, not ${JSON.stringify(expected)}`];
