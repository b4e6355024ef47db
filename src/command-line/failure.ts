/** ipvsadm's own exit statuses. */
export enum STATUS {
  OK = 0,
  /** Listing a service that does not exist, or connections where /proc has none. */
  NOT_LISTED = 1,
  /** A bad value, an illegal combination, or no IPVS. */
  USAGE = 2,
  /** What the kernel refuses, what popt cannot read, and no command. */
  REFUSED = 255,
}

/** Ends the program, in the middle of a restore too: one message on stderr, or none where it is "", and a status. */
export class Failure extends Error {
  /** Which word of the command line is to blame, counted from 0, where one is. */
  at: number | undefined;

  constructor(
    readonly status: number,
    message: string,
    /** The words begin with no command. */
    readonly noCommand = false,
  ) {
    super(message);
  }
}

/** What fails in here is to blame on that word. */
export function blaming<T>(at: number | undefined, work: () => T): T {
  try {
    return work();
  } catch (error) {
    return blame(at, error);
  }
}

/** Throws an error, a failure with the word that is to blame. */
export function blame(at: number | undefined, error: unknown): never {
  if (error instanceof Failure) error.at = at;
  throw error;
}

export function fail(message: string): never {
  throw new Failure(STATUS.USAGE, message);
}

/** Where no command is given, or nothing that is one. */
export function tryHelp(program: string): never {
  throw new Failure(STATUS.REFUSED, `Try \`${program} -h' or '${program} --help' for more information.`, true);
}
