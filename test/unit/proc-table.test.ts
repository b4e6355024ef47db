import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatAddress } from "../../src/ipvs/address";
import { AF, FWD, IPPROTO } from "../../src/ipvs/constants";
import type { ListedServer, ServiceKey } from "../../src/ipvs/model";
import { ProcTable } from "../../src/ipvs/proc-table";
import { at, marked, server, service } from "./sample";

/** As Linux 6.1 and 6.12 write it. */
const TEXT = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
TCP  0A000001:0050 wlc persistent 300 FFFFFFFF
  -> AC100001:0050      Masq    1      0          0${" ".repeat(9)}
  -> FFFFFFFE:FFFF      Tunnel  65535  2147483647 12${" ".repeat(8)}
UDP  0A000001:0035 rr ops${" "}
SCTP [2001:0db8:0000:0000:0000:0000:0000:0001]:1F90 mh${" "}
  -> [2001:0db8:0000:0000:0000:0000:0000:00ff]:1F90      Route   -1     7          8${" ".repeat(9)}
  -> C0000201:0000      Local   0      0          0${" ".repeat(9)}
FWM  00000005 wlc${" "}
  -> AC100003:0000      Route   1      0          0${" ".repeat(9)}
`;

const TCP = service({ ...at("10.0.0.1"), port: 80 });
const SCTP = service({ ...at("2001:db8::1"), protocol: IPPROTO.SCTP, port: 8080 });

const shown = (servers: readonly ListedServer[] | undefined) =>
  servers?.map(({ family, address, port, forwarding, weight, active, inactive }) =>
    [family, formatAddress(address), port, forwarding, weight, active, inactive].join(" "),
  );
const of = (key: ServiceKey, text = TEXT) => shown(new ProcTable(Buffer.from(text), [key]).servers(0));

test("the servers of a service, in the kernel's order", () => {
  assert.deepEqual(of(TCP), [
    `${AF.INET} 172.16.0.1 80 ${FWD.MASQ} 1 0 0`,
    `${AF.INET} 255.255.255.254 65535 ${FWD.TUNNEL} 65535 2147483647 12`,
  ]);
});

test("IPv6, with a server of the other family, and a weight below zero", () => {
  assert.deepEqual(of(SCTP), [
    `${AF.INET6} 2001:db8::ff 8080 ${FWD.DROUTE} -1 7 8`,
    `${AF.INET} 192.0.2.1 0 ${FWD.LOCALNODE} 0 0 0`,
  ]);
});

test("a service without servers has none", () => {
  assert.deepEqual(of(service({ ...at("10.0.0.1"), protocol: IPPROTO.UDP, port: 53 })), []);
});

test("what is not there must be asked for", () => {
  for (const other of [{ ...TCP, port: 81 }, { ...TCP, protocol: IPPROTO.UDP }, { ...TCP, ...at("10.0.0.2") }, marked(6)]) {
    assert.equal(of(other), undefined);
  }
});

const LINE = "  -> AC100001:0050      Masq    1      0          0         ";
const STRANGE: Readonly<Record<string, string>> = {
  "an address of other digits": "  -> AC10000g:0050      Masq    1      0          0         ",
  "an address cut short": "  -> AC1000",
  "a port of other digits": "  -> AC100001:00x0      Masq    1      0          0         ",
  "an unknown forwarding method": "  -> AC100001:0050      Bypass  1      0          0         ",
  "one that begins as a known one": "  -> AC100001:0050      Mystery 1      0          0         ",
  "no colon before the port": "  -> AC100001X0050      Masq    1      0          0         ",
  "another arrow": "  xx AC100001:0050      Masq    1      0          0         ",
  "a column more": "  -> AC100001:0050      Masq    1      0          0          7",
  "a number with a tail": "  -> AC100001:0050      Masq    1      0          0x         ",
  "no weight": "  -> AC100001:0050      Masq    ",
  "a weight that is no number": "  -> AC100001:0050      Masq    x      0          0         ",
  "a minus sign alone": "  -> AC100001:0050      Masq    -      0          0         ",
  "a bracket that stays open": "  -> [2001:0db8::1:0050      Masq    1      0          0         ",
  "brackets around nothing": "  -> []:0050      Masq    1      0          0         ",
  "an arrow alone": "  -> ",
};
for (const [what, line] of Object.entries(STRANGE)) {
  test(`${what}: the service must be asked for, and the others need not`, () => {
    const text = `TCP  0A000001:0050 wlc \n${LINE}\n${line}\nUDP  0A000001:0050 rr \n${LINE}\n`;
    assert.equal(of(TCP, text), undefined);
    assert.equal(of({ ...TCP, protocol: IPPROTO.UDP }, text)?.length, 1);
  });
}

test("a file that ends anywhere is read without an error", () => {
  for (let length = 0; length <= TEXT.length; length++) for (const key of [TCP, SCTP]) of(key, TEXT.slice(0, length));
});

test("property: bytes that are anything are read without an error", () => {
  const pieces = fc.array(
    fc.oneof(fc.constantFrom("TCP  ", "  -> ", "0A000001:0050", "[", "]", ":", "\n", " ", "-", "Masq "), fc.string({ unit: "binary" })),
    { maxLength: 40, size: "max" },
  );
  fc.assert(fc.property(pieces, (some) => void of(TCP, some.join(""))));
});

const KEYS: readonly ServiceKey[] = [
  TCP,
  service({ ...at("10.0.0.1"), protocol: IPPROTO.UDP, port: 53 }),
  SCTP,
  marked(5),
];

/** How many servers each has, one after the other; undefined where netlink has to be asked. */
const counts = (keys: readonly ServiceKey[], text = TEXT): (number | undefined)[] => {
  const table = new ProcTable(Buffer.from(text), keys);
  return keys.map((_, index) => table.servers(index)?.length);
};

test("all services of a table, marks too", () => assert.deepEqual(counts(KEYS), [2, 0, 2, 1]));

const MARK_5 = `FWM  00000005 wlc \n${LINE}\n`;
const MARK_FFFFFFFF = `FWM  FFFFFFFF wlc \n${LINE}\n${LINE}\n`;

test("a mark may stand anywhere among the others, and may have 32 bits", () => {
  const keys = [marked(0xffffffff), TCP, marked(5)];
  for (const text of [MARK_5 + TEXT.replace(/^FWM[^]*/m, "") + MARK_FFFFFFFF, MARK_FFFFFFFF + TEXT]) assert.deepEqual(counts(keys, text), [2, 2, 1]);
});

test("a mark that is there for both families must be asked for, whether netlink or /proc tells of both", () => {
  const both = [marked(5), TCP, marked(5, { family: AF.INET6 })];
  assert.deepEqual(counts(both, TEXT + MARK_5), [undefined, 2, undefined]);
  assert.deepEqual(counts(both), [undefined, 2, undefined]);
  assert.deepEqual(counts([TCP, marked(5)], TEXT + MARK_5), [2, undefined]);
  assert.deepEqual(counts([TCP, marked(5)], TEXT + MARK_5 + MARK_5), [2, undefined]);
});

test("a line of a mark without its number is nobody's", () => {
  for (const line of ["FWM  0000000g wlc", "FWM  ", "FWM "]) assert.deepEqual(counts([marked(5), TCP], `${line}\n${TEXT}`), [1, 2]);
});

test("addresses are found however many marks stand between them", () => {
  const keys = Array.from({ length: 9_000 }, (_, index) => (index % 900 === 0 ? service({ ...at("10.0.0.1"), port: 1 + index }) : marked(index)));
  const lines = keys.map(({ mark, port }) =>
    mark === 0 ? `TCP  0A000001:${port.toString(16).toUpperCase().padStart(4, "0")} rr \n${LINE}\n` : `FWM  ${mark.toString(16).toUpperCase().padStart(8, "0")} rr \n`,
  );
  assert.deepEqual(counts(keys, lines.join("")), keys.map(({ mark }) => (mark === 0 ? 1 : 0)));
});

test("a service that was deleted since, and one that was added", () => {
  const other = service({ ...at("10.0.0.9") });
  assert.deepEqual(counts([other, ...KEYS]), [undefined, 2, 0, 2, 1]);
  assert.deepEqual(counts([TCP, other, other, SCTP]), [2, undefined, undefined, 2]);
  assert.deepEqual(counts([SCTP]), [2]);
});

test("many services that were deleted at once, and more than a line is looked for in", () => {
  const gone = (count: number) => Array.from({ length: count }, (_, index) => service({ ...at("10.9.0.0"), port: index + 1 }));
  assert.equal(counts([...gone(255), TCP])[255], 2);
  assert.equal(counts([...gone(256), TCP])[256], undefined);
});

test("a service that has another place since is asked for, as others may be", () => {
  assert.deepEqual(counts([SCTP, TCP]), [undefined, 2]);
});

test("property: whatever services there are, and whatever changed since, none has the servers of another", () => {
  const port = fc.integer({ min: 1, max: 6 });
  const list = fc.uniqueArray(port, { maxLength: 6 });
  fc.assert(
    fc.property(list, list, (asked, there) => {
      const text = there.map((port) => `TCP  0A000001:000${port} rr \n  -> AC100001:000${port}      Masq    1      0          0         \n`).join("");
      const keys = asked.map((port) => service({ ...at("10.0.0.1"), port }));
      const table = new ProcTable(Buffer.from(text), keys);
      for (const [index, { port }] of keys.entries()) {
        const servers = table.servers(index);
        assert.ok(servers === undefined || (servers.length === 1 && servers[0]?.port === port && there.includes(port)));
      }
      assert.ok(asked.join() !== there.join() || keys.every((_, index) => table.servers(index) !== undefined), "nothing changed, and all are found");
    }),
  );
});

test("a server has every field that netlink tells of one", () => {
  const [found] = new ProcTable(Buffer.from(`TCP  0A000001:0050 wlc \n${LINE}\n`), [TCP]).servers(0) ?? [];
  assert.deepEqual(found, { ...server({ ...at("172.16.0.1"), forwarding: FWD.MASQ }), active: 0, inactive: 0, persistent: 0 });
});
