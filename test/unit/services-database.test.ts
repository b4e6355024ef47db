import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { IPPROTO } from "../../src/ipvs/constants";
import { serviceNames } from "../../src/names/services";

const folder = mkdtempSync(join(tmpdir(), "services-"));
after(() => rmSync(folder, { recursive: true }));

const DATABASE = `# Network services
http\t\t80/tcp\t\twww www-http\t# WorldWideWeb HTTP
domain		53/tcp				# Domain Name Server
domain		53/udp
  indented	99/tcp
twice		1000/tcp	first
again		1000/tcp	twice
twice		1001/tcp
m3ua		2905/sctp
#hidden		2000/tcp
shy		2001/tcp#	comment
largest		65535/tcp
toolarge	65536/tcp
huge		100000/tcp
noprotocol	2002
nonumber	x/tcp
2003/tcp
onlyname

last		2004/tcp	end`;

function written(text: string) {
  const file = join(folder, "services");
  writeFileSync(file, text);
  return serviceNames(file);
}

const PORTS: readonly (readonly [name: string, protocol: number, port: number | undefined])[] = [
  ["http", IPPROTO.TCP, 80],
  ["www", IPPROTO.TCP, 80],
  ["www-http", IPPROTO.TCP, 80],
  ["http", IPPROTO.UDP, undefined],
  ["HTTP", IPPROTO.TCP, undefined],
  ["domain", IPPROTO.TCP, 53],
  ["domain", IPPROTO.UDP, 53],
  ["indented", IPPROTO.TCP, 99],
  ["twice", IPPROTO.TCP, 1000],
  ["again", IPPROTO.TCP, 1000],
  ["m3ua", IPPROTO.SCTP, 2905],
  ["shy", IPPROTO.TCP, 2001],
  ["comment", IPPROTO.TCP, undefined],
  ["hidden", IPPROTO.TCP, undefined],
  ["#hidden", IPPROTO.TCP, undefined],
  ["WorldWideWeb", IPPROTO.TCP, undefined],
  ["largest", IPPROTO.TCP, 65535],
  ["toolarge", IPPROTO.TCP, undefined],
  ["huge", IPPROTO.TCP, undefined],
  ["noprotocol", IPPROTO.TCP, undefined],
  ["nonumber", IPPROTO.TCP, undefined],
  ["onlyname", IPPROTO.TCP, undefined],
  ["end", IPPROTO.TCP, 2004],
  ["", IPPROTO.TCP, undefined],
  ["http", 0, undefined],
];

const NAMES: readonly (readonly [port: number, protocol: number, name: string | undefined])[] = [
  [80, IPPROTO.TCP, "http"],
  [80, IPPROTO.UDP, undefined],
  [53, IPPROTO.UDP, "domain"],
  [1000, IPPROTO.TCP, "twice"],
  [1001, IPPROTO.TCP, "twice"],
  [2905, IPPROTO.SCTP, "m3ua"],
  [65535, IPPROTO.TCP, "largest"],
  [0, IPPROTO.TCP, undefined],
  [80, 0, undefined],
];

const services = written(DATABASE);

for (const [name, protocol, port] of PORTS) {
  test(`"${name}" of protocol ${protocol} is ${port === undefined ? "no port" : `port ${port}`}`, () => {
    assert.equal(services.port(name, protocol), port);
  });
}

for (const [port, protocol, name] of NAMES) {
  test(`port ${port} of protocol ${protocol} is ${name ?? "without a name"}`, () => {
    assert.equal(services.name(port, protocol), name);
  });
}

test("without the file, or with an empty one, nothing has a name", () => {
  for (const database of [serviceNames(join(folder, "missing")), serviceNames(folder), written("")]) {
    assert.equal(database.port("http", IPPROTO.TCP), undefined);
    assert.equal(database.name(80, IPPROTO.TCP), undefined);
  }
});

test("the file is read at the first question, once", () => {
  const file = join(folder, "later");
  const database = serviceNames(file);
  writeFileSync(file, "first 1/tcp\n");
  assert.equal(database.port("first", IPPROTO.TCP), 1);
  writeFileSync(file, "second 2/tcp\n");
  assert.equal(database.port("second", IPPROTO.TCP), undefined);
});
