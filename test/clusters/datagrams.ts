/** Servers and clients of datagrams, each a process of udp.ts. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Machine, Service } from "./cluster";
import type { Answers, Story } from "./story";

const PROGRAM = join(__dirname, "udp.cjs");

const bound = (table: string, port: number): number =>
  table.split(`:${port.toString(16).toUpperCase().padStart(4, "0")} `).length - 1;

/** Answers with the machine's name on these addresses, which it must have. */
export const serveDatagrams = async (machine: Machine, port: number, addresses: readonly string[]): Promise<Service> => {
  const service = machine.start([process.execPath, PROGRAM, "serve", machine.name, String(port), ...addresses]);
  await service.until(`bound to port ${port}`, (pid) => {
    const tables = ["udp", "udp6"].map((family) => readFileSync(`/proc/${pid}/net/${family}`, "latin1"));
    return tables.reduce((sum, table) => sum + bound(table, port), 0) >= addresses.length;
  });
  return service;
};

/** Asks so many times from one port of the client. */
export const askByDatagrams = async (story: Story, client: Machine, address: string, port: number, count: number): Promise<Answers> => {
  story.explain(`${client.name} asks ${address} port ${port} by ${count} datagrams, all from one port of its own:`);
  const stdout = await client.run([process.execPath, PROGRAM, "ask", address, String(port), String(count)]);
  const answers = stdout.split("\n").slice(0, count);
  story.answered(answers);
  return answers;
};
