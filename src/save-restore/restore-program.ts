import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { quoted } from "../cli/quoted";
import { STATUS } from "../command-line/failure";
import { explain, parseContext } from "../commands/run";
import { systemReason } from "../netlink/errno-text";
import type { World } from "../world";
import { Progress } from "./progress";
import { restore, type RestoreOptions } from "./restore";

const PROGRAM = "ipvsadm-restore";
const STDIN = 0;

/** ipvsadm-restore as a process: its input, its signals. Returns the exit status. */
export async function restoreProgram(file: string | undefined, options: RestoreOptions, world: World): Promise<number> {
  const complain = (message: string): void => world.error(`${PROGRAM}: ${message}\n`);
  let input: Buffer;
  try {
    input = readFileSync(file ?? STDIN);
  } catch (error) {
    complain(`${file === undefined ? "standard input" : quoted(file)}: ${systemReason(error)}`);
    return STATUS.USAGE;
  }
  let interrupted: number | undefined;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => (interrupted ??= 128 + constants.signals[signal]));
  }
  try {
    return await restore(options, {
      context: parseContext(world),
      source: file ?? "stdin",
      input,
      out: world.out,
      complain,
      error: world.error,
      progress: new Progress(process.stderr.isTTY ? world.error : undefined),
      interrupted: () => interrupted,
      sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
      ipvs: world.ipvs,
    });
  } catch (error) {
    const { status, message } = explain(error, world);
    complain(message);
    return status;
  }
}
