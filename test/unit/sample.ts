import assert from "node:assert/strict";
import { parseDottedQuad, parseIpv6 } from "../../src/ipvs/address";
import { AF, FWD, IPPROTO } from "../../src/ipvs/constants";
import type { Address, Daemon, Family, Server, Service, Stats } from "../../src/ipvs/model";

/** An address out of its text, and its family. */
export function at(text: string): { family: Family; address: Address } {
  const ipv4 = parseDottedQuad(text);
  if (ipv4 !== undefined) return { family: AF.INET, address: ipv4 };
  const address = parseIpv6(text);
  assert.ok(address !== undefined, `${text} is an address`);
  return { family: AF.INET6, address };
}

export const service = (differences: Partial<Service> = {}): Service => ({
  ...at("192.0.2.1"),
  mark: 0,
  protocol: IPPROTO.TCP,
  port: 80,
  scheduler: "wlc",
  flags: 0,
  timeout: 0,
  netmask: 0xffffffff,
  engine: "",
  ...differences,
});

/** What a service that is a firewall mark has for the rest of its key. */
export const marked = (mark: number, differences: Partial<Service> = {}): Service =>
  service({ ...at("0.0.0.0"), mark, protocol: 0, port: 0, ...differences });

export const server = (differences: Partial<Server> = {}): Server => ({
  ...at("10.0.0.1"),
  port: 80,
  forwarding: FWD.DROUTE,
  weight: 1,
  upper: 0,
  lower: 0,
  tunnelType: 0,
  tunnelPort: 0,
  tunnelFlags: 0,
  ...differences,
});

export const daemon = (differences: Partial<Daemon> = {}): Daemon => ({
  role: "master",
  interface: "eth0",
  syncId: 0,
  maxLength: 0,
  port: 0,
  ttl: 0,
  ...differences,
});

export const stats = (differences: Partial<Stats> = {}): Stats => ({
  connections: 0n,
  inPackets: 0n,
  outPackets: 0n,
  inBytes: 0n,
  outBytes: 0n,
  ...differences,
});
