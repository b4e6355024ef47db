import { Ended, Failure, STATUS, tryHelp } from "../command-line/failure";
import { parseCommandLine } from "../command-line/parse";
import { PoptFailure } from "../command-line/popt";
import { ERRNO, NetlinkError } from "../netlink/errors";
import type { World } from "../world";
import { execute } from ".";
import { cannotInitialize } from "./kernel-message";
import { listAll } from "./list-services";

/** The whole program: words in, exit status out. */
export async function run(words: readonly string[], world: World): Promise<number> {
  try {
    return words.length === 0 ? await listAll(world) : await runWords(words, world);
  } catch (error) {
    if (error instanceof Ended) return error.status;
    if (error instanceof Failure) {
      world.error(`${error.message}\n`);
      return error.status;
    }
    if (error instanceof NetlinkError) {
      world.error(`${error.errno === ERRNO.EPERM ? cannotInitialize(error.errno) : error.message}\n`);
      return STATUS.USAGE;
    }
    throw error;
  }
}

/** One command. Throws Failure where ipvsadm ends, in the middle of a restore too. */
export async function runWords(words: readonly string[], world: World & { restoring?: boolean }): Promise<number> {
  try {
    const intent = await parseCommandLine(words, {
      program: world.program,
      posix: world.environment["POSIXLY_CORRECT"] !== undefined || world.environment["POSIX_ME_HARDER"] !== undefined,
      names: world.names,
    });
    if (intent.kind === "restore" && world.restoring) throw tryHelp(world.program);
    const status = await execute(intent, world);
    const ends = intent.kind === "help" || intent.kind === "version" || status === STATUS.NOT_LISTED;
    if (ends && world.restoring) throw new Ended(status);
    return status;
  } catch (error) {
    if (!(error instanceof PoptFailure)) throw error;
    world.error(`${error.message}\n`);
    return STATUS.REFUSED;
  }
}
