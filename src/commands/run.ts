import { Failure, STATUS } from "../command-line/failure";
import { type Intent, PLAIN } from "../command-line/intent";
import { type ParseContext, parseCommandLine } from "../command-line/parse";
import { PoptFailure } from "../command-line/popt";
import { ERRNO, NetlinkError } from "../netlink/errors";
import { andThen, orElse, type Soon } from "../soon";
import type { World } from "../world";
import { execute, type Late } from ".";
import { cannotInitialize } from "./kernel-message";

/** The call without a word: the whole table, by name. */
const WHOLE_TABLE: Intent = { kind: "list-services", format: PLAIN };

/** The whole program: words in, exit status out. */
export const run = (words: readonly string[], world: World, late: Late): Soon<number> =>
  orElse(
    () => andThen(words.length === 0 ? WHOLE_TABLE : parseCommandLine(words, parseContext(world)), (intent) => execute(intent, world, late)),
    (error) => {
      const { status, message } = explain(error, world);
      if (message !== "") world.error(`${message}\n`);
      return status;
    },
  );

export const parseContext = ({ program, environment, names }: World): ParseContext => ({
  program,
  posix: () => environment()["POSIXLY_CORRECT"] !== undefined || environment()["POSIX_ME_HARDER"] !== undefined,
  names,
});

/** What is said of an error, and the status that it ends with. Throws what is nobody's but ours. */
export function explain(error: unknown, { inUserNamespace }: Pick<World, "inUserNamespace">): { status: number; message: string } {
  if (error instanceof Failure) return { status: error.status, message: error.message };
  if (error instanceof PoptFailure) return { status: STATUS.REFUSED, message: error.message };
  if (error instanceof NetlinkError) {
    const message = error.errno === ERRNO.EPERM ? cannotInitialize(error.errno, inUserNamespace()) : error.message;
    return { status: STATUS.USAGE, message };
  }
  throw error;
}
