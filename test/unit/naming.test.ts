import assert from "node:assert/strict";
import { test } from "node:test";
import { PLAIN } from "../../src/command-line/intent";
import { AF, IPPROTO } from "../../src/ipvs/constants";
import type { ListedServer, ListedService, ServiceKey } from "../../src/ipvs/model";
import { type Naming, namedNaming, numericNaming } from "../../src/views/naming";
import { writeServer, writeService } from "../../src/views/table";
import { at, marked, server, service } from "./sample";
import { written } from "./written";

const serviceLine = (found: ListedService, naming: Naming): string => written((page) => writeService(page, found, PLAIN, naming));
const serverLine = (of: ServiceKey, found: ListedServer, naming: Naming): string => written((page) => writeServer(page, of, found, PLAIN, naming));

const endpoint = (naming: Naming, text: string, port: number, protocol: number = IPPROTO.TCP): string => {
  const { family, address } = at(text);
  return naming.endpoint(family, address, port, protocol);
};

const serviceName = (port: number, protocol: number): string | undefined =>
  port === 80 && protocol === IPPROTO.TCP ? "http" : port === 53 && protocol === IPPROTO.UDP ? "domain" : undefined;

const naming = (hosts: Record<string, string>): Naming => namedNaming(new Map(Object.entries(hosts)), serviceName);

const HOSTS = { "192.0.2.1": "web.example.com", "2001:db8::1": "web6.example.com" };

/** An address and a port of a protocol, with numbers and with names. */
const ENDPOINTS: readonly (readonly [address: string, port: number, protocol: number, numeric: string, named: string])[] = [
  ["192.0.2.1", 80, IPPROTO.TCP, "192.0.2.1:80", "web.example.com:http"],
  ["192.0.2.1", 80, IPPROTO.UDP, "192.0.2.1:80", "web.example.com:80"],
  ["192.0.2.1", 80, 0, "192.0.2.1:80", "web.example.com:80"],
  ["192.0.2.2", 53, IPPROTO.UDP, "192.0.2.2:53", "192.0.2.2:domain"],
  ["192.0.2.2", 0, IPPROTO.TCP, "192.0.2.2:0", "192.0.2.2:0"],
  ["2001:db8::1", 80, IPPROTO.TCP, "[2001:db8::1]:80", "[web6.example.com]:http"],
  ["2001:db8::2", 81, IPPROTO.TCP, "[2001:db8::2]:81", "[2001:db8::2]:81"],
];

for (const [address, port, protocol, numeric, named] of ENDPOINTS) {
  test(`${address} port ${port} of protocol ${protocol} is ${numeric}, by name ${named}`, () => {
    assert.equal(endpoint(numericNaming, address, port, protocol), numeric);
    assert.equal(endpoint(naming(HOSTS), address, port, protocol), named);
  });
}

test("a name is cut to 59 bytes, its port with it", () => {
  const named = (host: string): string => endpoint(naming({ "192.0.2.1": host }), "192.0.2.1", 80);
  assert.equal(named("a".repeat(54)), `${"a".repeat(54)}:http`);
  assert.equal(named("a".repeat(55)), `${"a".repeat(55)}:htt`);
  assert.equal(named("a".repeat(80)), "a".repeat(59));
  assert.equal(named("é".repeat(27)), `${"é".repeat(27)}:http`);
  assert.equal(named("é".repeat(28)), `${"é".repeat(28)}:ht`);
});

/** Host names, and what a list's 28 columns hold of them with ":http". */
const FITTED: readonly (readonly [host: string, fitted: string])[] = [
  ["short", "short:http"],
  ["a".repeat(23), `${"a".repeat(23)}:http`],
  ["a".repeat(24), `${"a".repeat(24)}:htt`],
  ["a".repeat(70), "a".repeat(28)],
];

for (const [host, fitted] of FITTED) {
  test(`an IPv4 name of ${host.length} letters is shown as ${fitted}`, () => {
    const names = naming({ "192.0.2.1": host, "10.0.0.1": host });
    assert.equal(serviceLine(service(), names), `TCP  ${fitted} wlc\n`);
    const connections = { active: 0, inactive: 0, persistent: 0 };
    assert.equal(
      serverLine(service(), { ...server(), ...connections }, names),
      `  -> ${fitted.padEnd(28)} Route   1      0          0         \n`,
    );
  });
}

test("columns count bytes, as C's do", () => {
  const names = naming({ "192.0.2.1": "é".repeat(12) });
  assert.equal(serviceLine(service(), names), `TCP  ${"é".repeat(12)}:htt wlc\n`);
});

test("an IPv6 name is not cut to its column", () => {
  const names = naming({ "2001:db8::1": "a".repeat(40) });
  assert.equal(serviceLine(service(at("2001:db8::1")), names), `TCP  [${"a".repeat(40)}]:http wlc\n`);
});

test("a mark has no name, and its servers' ports have none", () => {
  const names = naming({ "10.0.0.1": "web" });
  assert.equal(serviceLine(marked(80), names), "FWM  80 wlc\n");
  assert.equal(serviceLine(marked(0xffffffff, { family: AF.INET6 }), names), "FWM  -1 IPv6 wlc\n");
  const line = serverLine(marked(80), { ...server(), active: 1, inactive: 2, persistent: 0 }, names);
  assert.equal(line, "  -> web:80                       Route   1      1          2         \n");
});
