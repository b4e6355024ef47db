import { writeSync } from "node:fs";
import { quoted } from "../cli/quoted";
import { STATUS } from "../command-line/failure";
import { explain } from "../commands/run";
import { SIGPIPE_STATUS } from "../exit-with";
import type { TableEntry } from "../ipvs/listing";
import { systemReason } from "../netlink/errno-text";
import { type Naming, numericNaming } from "../views/naming";
import type { World } from "../world";
import { orderedServers, orderedServices } from "./order";
import { Progress } from "./progress";
import { type Reading, TableChangedError } from "./read-consistently";
import { replaceFile } from "./replace-file";
import { serviceOption } from "./rule";
import { entryRules, inexpressible, settingRules, tableText } from "./save";

export interface SaveOptions {
  readonly numeric: boolean;
  readonly all: boolean;
  readonly output: string | undefined;
  readonly allowEmpty: boolean;
}

/** Something could not be said, or could not be written. */
const INCOMPLETE = 1;

/** Returns the exit status. */
export async function saveProgram(options: SaveOptions, world: World): Promise<number> {
  try {
    return await save(options, world);
  } catch (error) {
    if (isSystemError(error)) {
      if (error.code === "EPIPE") return SIGPIPE_STATUS;
      world.error(`ipvsadm-save: ${output(options)}: ${systemReason(error)}\n`);
      return INCOMPLETE;
    }
    if (error instanceof TableChangedError) {
      world.error(`ipvsadm-save: ${output(options)}: ${error.message}: nothing is written\n`);
      return STATUS.REFUSED;
    }
    const { status, message } = explain(error, world);
    world.error(`ipvsadm-save: ${message}\n`);
    return status;
  }
}

const output = (options: SaveOptions): string => (options.output === undefined ? "standard output" : quoted(options.output));

async function save({ numeric, all, output, allowEmpty }: SaveOptions, world: World): Promise<number> {
  const ipvs = await world.ipvs();
  const progress = new Progress(process.stderr.isTTY ? world.error : undefined);
  let read = 0;
  const unsaid = new Map<string, string>();
  const rules = ({ service, servers }: TableEntry, naming: Naming): string => {
    progress.show("saving", ++read, "services");
    const said = orderedServers(servers).filter((server) => {
      const what = inexpressible(server);
      if (what === undefined) return true;
      const { family, address, port } = server;
      unsaid.set(`${serviceOption(service, numericNaming)} -r ${numericNaming.endpoint(family, address, port, 0)}`, what);
      return false;
    });
    return entryRules({ service, servers: said }, naming, true);
  };
  const reading: Reading = { options: { sorted: false, stats: "none", brief: false }, ordered: orderedServices };
  // Names are written whole, as long as they are: they are to be read back.
  const naming = { numeric, names: world.names, longestName: Number.POSITIVE_INFINITY };
  let text = await tableText(ipvs, reading, { ...naming, rules }).finally(() => progress.clear());
  for (const [name, what] of unsaid) world.error(`ipvsadm-save: no option can say ${what} of ${name}: it is left out\n`);
  const empty = text === "" && unsaid.size === 0;
  if (all) text += await settingRules(ipvs);
  if (output === undefined) writeWhole(text);
  else if (!replaceFile(output, text, { allowEmpty: allowEmpty || !empty })) {
    world.error(`ipvsadm-save: ${output}: has rules, and the table is empty: not replaced (--allow-empty replaces it)\n`);
    return INCOMPLETE;
  }
  return unsaid.size === 0 ? STATUS.OK : INCOMPLETE;
}

/** Throws where the disk is full or the reader went away, which ends a program as SIGPIPE would. */
function writeWhole(text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(1, bytes, at);
    } catch (error) {
      if (!isSystemError(error) || error.code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && "syscall" in error && "code" in error;
