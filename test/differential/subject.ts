/** Our program, run in this process, in this process's network namespace. */
import { executeLate } from "../../src/commands/late";
import { run } from "../../src/commands/run";
import type { IpvsClient } from "../../src/ipvs/client";
import { openIpvs } from "../../src/open-ipvs";
import { processWorld } from "../../src/process-world";
import type { Outcome } from "./reference";

/** How long lists wait for names here, in milliseconds: a busy machine is not a dead resolver. */
const PATIENT = 60_000;

export async function runSubject(words: readonly string[], stdin = "", patience = PATIENT): Promise<Outcome> {
  const world = processWorld();
  let stdout = "";
  let stderr = "";
  let ipvs: IpvsClient | undefined;
  const status = await run(words, {
    ...world,
    names: { ...world.names, patience },
    program: "ipvsadm",
    out: (text) => (stdout += text),
    write: (bytes) => (stdout += Buffer.from(bytes).toString()),
    error: (text) => (stderr += text),
    input: () => Buffer.from(stdin, "latin1"),
    ipvs: async () => (ipvs ??= await openIpvs()),
  }, executeLate);
  ipvs?.close();
  return { stdout, stderr, status };
}
