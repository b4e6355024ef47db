/**
 * Adds and deletes services of its own, in a namespace where others read:
 * "go MILLISECONDS" on standard input begins, with so long a pause between two
 * changes; "stop" ends it, with none of them left. It answers each when done.
 */
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { AF, IPPROTO } from "../../src/ipvs/constants";
import type { IpvsClient } from "../../src/ipvs/client";
import type { Service } from "../../src/ipvs/model";
import { openIpvs } from "../../src/open-ipvs";
import { NetlinkError } from "../../src/netlink/errors";

const SERVICES = 40;
const FIRST = 0x0a420001;
const service = (number: number): Service => ({
  family: AF.INET,
  mark: 0,
  protocol: IPPROTO.TCP,
  address: FIRST + number,
  port: 80,
  scheduler: "rr",
  flags: 0,
  timeout: 0,
  netmask: 0xffffffff,
  engine: "",
});

let going = false;

async function goOn(ipvs: IpvsClient, milliseconds: number): Promise<void> {
  for (let turn = 0; going; turn++) {
    const kind = Math.floor(turn / SERVICES) % 2 === 0 ? "add-service" : "delete-service";
    await change(ipvs, kind, turn % SERVICES);
    await pause(milliseconds);
  }
  for (let number = 0; number < SERVICES; number++) await change(ipvs, "delete-service", number);
}

/** Others may have been quicker. */
async function change(ipvs: IpvsClient, kind: "add-service" | "delete-service", number: number): Promise<void> {
  try {
    await ipvs.change({ kind, service: service(number) });
  } catch (error) {
    if (!(error instanceof NetlinkError)) throw error;
  }
}

async function main(): Promise<void> {
  const ipvs = await openIpvs();
  let work = Promise.resolve();
  for await (const line of createInterface(process.stdin)) {
    const [order, milliseconds] = line.split(" ");
    going = order === "go";
    if (going) work = goOn(ipvs, Number(milliseconds));
    else await work;
    console.log(order);
  }
  process.exit(0);
}

void main();
