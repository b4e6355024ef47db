/**
 * Clients that ask without end: each connects, and has two lines sent back to
 * it, one after the other. Address, port, how many clients, and the fewest
 * requests of all are its words. "go" begins, and is answered once some
 * requests were made; "stop" ends it once enough were, and is answered with
 * how many were made, and why how many failed.
 */
import { connect } from "node:net";
import { createInterface } from "node:readline";

const [host, port, clients, fewest] = process.argv.slice(2);
/** A connection whose server was taken away hangs; one that is merely slow, on a busy machine, does not take as long. */
const PATIENCE = 20_000;
const LINES = ["one\n", "two\n"];

let going = false;
let requests = 0;
let failures: Record<string, number> = {};

/** What went wrong, or nothing. */
const request = (): Promise<string | undefined> =>
  new Promise((resolve) => {
    const socket = connect({ host, port: Number(port), noDelay: true });
    let sent = 0;
    const done = (problem?: string): void => {
      socket.removeAllListeners().on("error", () => undefined).destroy();
      resolve(problem);
    };
    const next = (): void => {
      const line = LINES[sent++];
      if (line === undefined) done();
      else socket.write(line);
    };
    socket.setTimeout(PATIENCE, () => done("no answer"));
    socket.on("connect", next).on("data", next);
    socket.on("error", (error) => done("code" in error ? String(error.code) : error.message));
    socket.on("close", () => done("closed"));
  });

async function client(): Promise<void> {
  while (going || requests < Number(fewest)) {
    const problem = await request();
    requests++;
    if (problem !== undefined) failures[problem] = (failures[problem] ?? 0) + 1;
  }
}

async function main(): Promise<void> {
  let work: Promise<unknown> = Promise.resolve();
  for await (const order of createInterface(process.stdin)) {
    if (order === "go") {
      [going, requests, failures] = [true, 0, {}];
      work = Promise.all(Array.from({ length: Number(clients) }, client));
      while (requests < Number(clients) * 2) await new Promise((resolve) => setTimeout(resolve, 10));
      console.log("going");
    } else {
      going = false;
      await work;
      console.log(JSON.stringify({ requests, failures }));
    }
  }
  process.exit(0);
}

void main();
