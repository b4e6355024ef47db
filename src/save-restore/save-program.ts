import { writeSync } from "node:fs";
import { STATUS } from "../command-line/failure";
import { explain } from "../commands/run";
import { SIGPIPE_STATUS } from "../exit-with";
import type { IpvsClient } from "../ipvs/client";
import { type TableEntry, TableReader } from "../ipvs/listing";
import type { ListedService } from "../ipvs/model";
import { andThen } from "../soon";
import { eachEntry, type Entries } from "../views/each-entry";
import { type Naming, numericNaming } from "../views/naming";
import type { World } from "../world";
import { orderedServers, orderedServices } from "./order";
import { Progress } from "./progress";
import { replaceFile } from "./replace-file";
import { serviceOption } from "./rule";
import { entryRules, inexpressible, settingRules } from "./save";

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
      world.error(`ipvsadm-save: ${options.output ?? "standard output"}: ${error.message}\n`);
      return INCOMPLETE;
    }
    const { status, message } = explain(error);
    world.error(`${message}\n`);
    return status;
  }
}

async function save({ numeric, all, output, allowEmpty }: SaveOptions, world: World): Promise<number> {
  const ipvs = await world.ipvs();
  const services = await ipvs.services({ stats: "none" });
  const progress = new Progress(process.stderr.isTTY ? world.error : undefined);
  let complete = true;
  let text = "";
  let read = 0;
  const table = inOneOrder(ipvs, services);
  const add = (one: TableEntry, naming: Naming): void => {
    progress.show("saving", ++read, "services");
    const servers = one.servers.filter((server) => {
      const what = inexpressible(server);
      if (what === undefined) return true;
      complete = false;
      const { family, address, port } = server;
      const name = `${serviceOption(one.service, numericNaming)} -r ${numericNaming.endpoint(family, address, port, 0)}`;
      world.error(`ipvsadm-save: no option can say ${what} of ${name}: it is left out\n`);
      return false;
    });
    text += entryRules({ service: one.service, servers }, naming, true);
  };
  // Names are written whole, as long as they are: they are to be read back.
  await eachEntry(table, numeric, world.names, add, Number.POSITIVE_INFINITY);
  progress.clear();
  if (all) text += await settingRules(ipvs);
  if (output === undefined) writeWhole(text);
  else if (!replaceFile(output, text, { allowEmpty: allowEmpty || services.length > 0 })) {
    world.error(`ipvsadm-save: ${output}: has rules, and the table is empty: not replaced (--allow-empty replaces it)\n`);
    return INCOMPLETE;
  }
  return complete ? STATUS.OK : INCOMPLETE;
}

/** The table in the order of lists, but never hanging on the kernel's own. */
function inOneOrder(ipvs: IpvsClient, services: readonly ListedService[]): Entries {
  const table = new TableReader(ipvs, orderedServices(services), { sorted: false, stats: "none", brief: false });
  return {
    next: () => andThen(table.next(), (entry) => entry && { service: entry.service, servers: orderedServers(entry.servers) }),
  };
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
