/** Tables of any size: as rule lines, as changes for the kernel, and as what must be there in the end. */
import { readFileSync } from "node:fs";
import type { IpvsClient } from "../../src/ipvs/client";
import { AF, FWD, IPPROTO } from "../../src/ipvs/constants";
import type { Change, Server, Service } from "../../src/ipvs/model";
import { openIpvs } from "../../src/open-ipvs";

/** Each service is one line with one for each of its servers. */
export const LINES_A_SERVICE = 3;
const SERVERS = [1, 2];

/** A table of that many services, and as many marks, with two servers each; the last server of a service has a weight of its own. */
export interface Shape {
  readonly services: number;
  readonly marks: number;
  readonly lastWeight: number;
}
export const shape = (services: number, { marks = 0, lastWeight = 1 } = {}): Shape => ({ services, marks, lastWeight });

const VIRTUAL = 0x0a000000;
const REAL = 0xac100000;
const PORT = 80;
const dotted = (address: number): string => [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join(".");

const virtualAddress = (service: number): number => VIRTUAL + 1 + service;
const realAddress = (service: number, server: number): number => REAL + 256 + service * SERVERS.length + server;
const weight = ({ services, lastWeight }: Shape, service: number, server: number): number =>
  service === services - 1 && server === SERVERS.at(-1) ? lastWeight : 1;

export const serviceWord = (service: number): string => `${dotted(virtualAddress(service))}:${PORT}`;
const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** As `ipvsadm -Sn` writes them. */
export const rules = (table: Shape): string =>
  numbers(table.services)
    .map((service) => {
      const word = serviceWord(service);
      const servers = SERVERS.map(
        (server) => `-a -t ${word} -r ${dotted(realAddress(service, server))}:${PORT} -m -w ${weight(table, service, server)}\n`,
      );
      return `-A -t ${word} -s wlc\n${servers.join("")}`;
    })
    .join("");

const key = { family: AF.INET, port: PORT } as const;
const changes = (table: Shape): Change[] =>
  numbers(table.services + table.marks).flatMap((number): Change[] => {
    const mark = number < table.services ? 0 : 1 + number - table.services;
    const service: Service = {
      ...(mark === 0 ? { ...key, protocol: IPPROTO.TCP, address: virtualAddress(number) } : { family: AF.INET, protocol: 0, address: 0, port: 0 }),
      mark,
      scheduler: "wlc",
      flags: 0,
      timeout: 0,
      netmask: 0xffffffff,
      engine: "",
    };
    const server = (index: number): Server => ({
      ...key,
      address: realAddress(number, index),
      forwarding: FWD.MASQ,
      weight: weight(table, number, index),
      upper: 0,
      lower: 0,
      tunnelType: 0,
      tunnelPort: 0,
      tunnelFlags: 0,
    });
    return [
      { kind: "add-service", service },
      ...SERVERS.map((index): Change => ({ kind: "add-server", service, server: server(index) })),
    ];
  });

const summary = ({ services, marks, lastWeight }: Shape): string => {
  const all = services + marks;
  const servers = all * SERVERS.length;
  return `${all} services, ${servers} servers of weight ${services === 0 ? 0 : servers - 1 + lastWeight} in all`;
};

/** The same of the kernel's table. */
function held(path = "/proc/net/ip_vs"): string {
  const lines = readFileSync(path, "latin1").split("\n").slice(3);
  const services = lines.filter((line) => /^(TCP|UDP|SCTP|FWM)/.test(line)).length;
  const weights = lines.filter((line) => line.startsWith("  ->")).map((line) => Number(line.trim().split(/\s+/)[3]));
  return `${services} services, ${weights.length} servers of weight ${weights.reduce((sum, one) => sum + one, 0)} in all`;
}

/** Throws where the table that a file of /proc shows is another. */
export function expectTable(table: Shape, path?: string): string {
  const found = held(path);
  if (found !== summary(table)) throw new Error(`the table has ${found}, not ${summary(table)}`);
  return found;
}

/** The table of this process's network namespace, in whatever state the next run wants it. */
export class KernelTable {
  #held: string | undefined;

  private constructor(private readonly ipvs: IpvsClient) {}

  static async open(): Promise<KernelTable> {
    return new KernelTable(await openIpvs());
  }

  /** Cheap where it is like that already. */
  async become(table: Shape): Promise<void> {
    const wanted = summary(table);
    if (this.#held === wanted) return;
    this.#held = undefined;
    await this.ipvs.change({ kind: "flush" });
    const refused = await this.ipvs.changeAll(changes(table));
    if (refused.length > 0) throw new Error(`the kernel refused ${refused.length} rules: ${refused[0]?.error.message}`);
    this.expect(table);
  }

  /** Before a run that changes it. */
  forget(): void {
    this.#held = undefined;
  }

  /** After a run that changed it. */
  expect(table: Shape): void {
    this.#held = expectTable(table);
  }

  close(): void {
    this.ipvs.close();
  }
}
