/**
 * Options as popt 1.19 reads them, since ipvsadm's users and scripts know no
 * other rules: short options cluster, "=" may follow a short one, long names
 * are matched whole, an optional argument is taken unless it begins with "-",
 * and what is no option is kept for later.
 */

/** Whether an option takes one. */
export type Argument = "none" | "required" | "optional";

/** The options of a program. */
export interface Options<Name extends string> {
  /** By what stands behind "--". */
  named(text: string): Name | undefined;
  lettered(letter: string): Name | undefined;
  argument(option: Name): Argument;
}

/** A word that is no option. */
export interface RestWord {
  readonly text: string;
  /** Counted from 0. */
  readonly at: number;
}

/** What popt says of a word that it cannot read. */
export type PoptError = "missing argument" | "unknown option" | "option does not take an argument";

export class PoptFailure extends Error {
  constructor(
    readonly word: string,
    readonly problem: PoptError,
    /** Which word it is, counted from 0. */
    readonly at: number,
  ) {
    super(`${word}: ${problem}`);
  }
}

/** Reads the options of a line. What it says of the last is said by itself, not by an object for each: a file has many. */
export class OptionReader<Name extends string> {
  /** The words that are no options, in order. */
  readonly rest: RestWord[] = [];
  /** Of the last option, where it has one. */
  argument: string | undefined = undefined;
  /** The last word that was taken, counted from 0. */
  at = -1;
  /** What is left of a cluster of short options, where something is. */
  private cluster: string | undefined = undefined;
  private onlyRest = false;

  constructor(
    private readonly words: readonly string[],
    private readonly options: Options<Name>,
    /** Whether the first word that is no option ends the options (POSIXLY_CORRECT). */
    private readonly context: { posix(): boolean },
  ) {}

  /** The next option, or undefined after the last. Throws PoptFailure. */
  next(): Name | undefined {
    let longArgument: string | undefined;
    let option: Name | undefined;
    while (this.cluster === undefined) {
      const word = this.words[this.at + 1];
      if (word === undefined) return undefined;
      this.at++;
      if (this.onlyRest || !word.startsWith("-") || word === "-") {
        if (this.context.posix()) this.onlyRest = true;
        this.rest.push({ text: word, at: this.at });
      } else if (word === "--") {
        this.onlyRest = true;
      } else if (word.startsWith("--")) {
        const [name, argument] = splitAtEquals(word.slice(2));
        option = this.options.named(name) ?? this.fail("unknown option");
        longArgument = argument;
        break;
      } else {
        this.cluster = word.slice(1);
      }
    }
    option ??= this.nextOfCluster();
    const argument = this.options.argument(option);
    if (argument !== "none") {
      this.argument = this.takeArgument(argument, longArgument);
      return option;
    }
    if (longArgument !== undefined || this.cluster?.startsWith("=")) this.fail("option does not take an argument");
    this.argument = undefined;
    return option;
  }

  private nextOfCluster(): Name {
    const cluster = this.cluster ?? "";
    this.cluster = undefined;
    const option = this.options.lettered(cluster.charAt(0)) ?? this.fail("unknown option");
    const left = cluster.slice(1);
    if (left !== "") this.cluster = left;
    return option;
  }

  private takeArgument(argument: Argument, longArgument: string | undefined): string | undefined {
    if (longArgument !== undefined) return longArgument;
    if (this.cluster !== undefined) {
      const text = withoutEquals(this.cluster);
      this.cluster = undefined;
      return text;
    }
    const word = this.words[this.at + 1];
    if (argument === "optional" && (word === undefined || word.startsWith("-"))) return undefined;
    if (word === undefined) this.fail("missing argument");
    this.at++;
    return word;
  }

  /** popt names the last word that it took, also where that is an argument. */
  get word(): string {
    return this.words[this.at] ?? "";
  }

  private fail(problem: PoptError): never {
    throw new PoptFailure(this.word, problem, this.at);
  }
}

const withoutEquals = (text: string): string => (text.startsWith("=") ? text.slice(1) : text);

function splitAtEquals(text: string): [name: string, argument: string | undefined] {
  const at = text.indexOf("=");
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
