/**
 * Options as popt 1.19 reads them, since ipvsadm's users and scripts know no
 * other rules: short options cluster, "=" may follow a short one, long names
 * are matched whole, an optional argument is taken unless it begins with "-",
 * and what is no option is kept for later.
 */

export interface OptionSpec {
  readonly long: string;
  readonly short?: string;
  readonly argument: "none" | "required" | "optional";
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

/** The options of a program, by their names; made once, as a restore reads many lines. */
export class OptionTable<T extends OptionSpec> {
  /** By the code of their letter. */
  readonly short: (T | undefined)[] = [];

  constructor(private readonly options: readonly T[]) {
    // A function called for each would be compiled at every start: in Bun, by a thread made for it.
    for (const option of options) {
      if (option.short !== undefined) this.short[option.short.codePointAt(0)!] = option;
    }
  }

  /** Few have long names in a file of many lines. */
  long(name: string): T | undefined {
    for (const option of this.options) if (option.long === name) return option;
    return undefined;
  }
}

/** Reads the options of a line. What it says of the last is said by itself, not by an object for each: a file has many. */
export class OptionReader<T extends OptionSpec> {
  /** The words that are no options, in order. */
  readonly rest: RestWord[] = [];
  /** Of the last option, where it has one. */
  argument: string | undefined = undefined;
  /** The last word that was taken, counted from 0. */
  at = -1;
  /** What is left of a cluster of short options; "" is not the same as none. */
  #cluster: string | undefined = undefined;
  #onlyRest = false;

  constructor(
    private readonly words: readonly string[],
    private readonly options: OptionTable<T>,
    /** Whether the first word that is no option ends the options (POSIXLY_CORRECT). */
    private readonly context: { posix(): boolean },
  ) {}

  /** The next option, or undefined after the last. Throws PoptFailure. */
  next(): T | undefined {
    let longArgument: string | undefined;
    let option: T | undefined;
    while (this.#cluster === undefined) {
      const word = this.words[this.at + 1];
      if (word === undefined) return undefined;
      this.at++;
      if (this.#onlyRest || !word.startsWith("-") || word === "-") {
        if (this.context.posix()) this.#onlyRest = true;
        this.rest.push({ text: word, at: this.at });
      } else if (word === "--") {
        this.#onlyRest = true;
      } else if (word.startsWith("--")) {
        const [name, argument] = splitAtEquals(word.slice(2));
        option = this.options.long(name) ?? this.#fail("unknown option");
        longArgument = argument;
        break;
      } else {
        this.#cluster = word.slice(1);
      }
    }
    option ??= this.#nextOfCluster();
    if (option.argument !== "none") {
      this.argument = this.#argumentOf(option, longArgument);
      return option;
    }
    if (longArgument !== undefined || this.#cluster?.startsWith("=")) this.#fail("option does not take an argument");
    this.argument = undefined;
    return option;
  }

  #nextOfCluster(): T {
    const cluster = this.#cluster ?? "";
    this.#cluster = undefined;
    const letter = cluster.codePointAt(0) ?? 0;
    const option = this.options.short[letter] ?? this.#fail("unknown option");
    const left = cluster.slice(1);
    if (left !== "") this.#cluster = left;
    return option;
  }

  #argumentOf(option: T, longArgument: string | undefined): string | undefined {
    if (longArgument !== undefined) return longArgument;
    if (this.#cluster !== undefined) {
      const argument = withoutEquals(this.#cluster);
      this.#cluster = undefined;
      return argument;
    }
    const word = this.words[this.at + 1];
    if (option.argument === "optional" && (word === undefined || word.startsWith("-"))) return undefined;
    if (word === undefined) this.#fail("missing argument");
    this.at++;
    return word;
  }

  /** popt names the last word that it took, also where that is an argument. */
  get word(): string {
    return this.words[this.at] ?? "";
  }

  #fail(problem: PoptError): never {
    throw new PoptFailure(this.word, problem, this.at);
  }
}

const withoutEquals = (text: string): string => (text.startsWith("=") ? text.slice(1) : text);

function splitAtEquals(text: string): [name: string, argument: string | undefined] {
  const at = text.indexOf("=");
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
