import { Failure } from "../../src/command-line/failure";
import type { Intent } from "../../src/command-line/intent";
import { parseCommandLine } from "../../src/command-line/parse";
import { PoptFailure } from "../../src/command-line/popt";

/** Nothing has a name. */
export const NO_NAMES = { hostAddress: async () => undefined, servicePort: () => undefined };

export const parse = async (words: readonly string[]): Promise<Intent> =>
  parseCommandLine(words, { program: "ipvsadm", posix: () => false, names: NO_NAMES });

/** What a command line comes to: an intent, or what is said and the exit status. Throws what is neither. */
export async function outcome(words: readonly string[]): Promise<Intent | { status: number; message: string }> {
  try {
    return await parse(words);
  } catch (error) {
    if (error instanceof Failure) return { status: error.status, message: error.message };
    if (error instanceof PoptFailure) return { status: 255, message: error.message };
    throw error;
  }
}
