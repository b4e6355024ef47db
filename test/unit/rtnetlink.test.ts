import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { writeU32 } from "../../src/netlink/bytes";
import { Connection } from "../../src/netlink/connection";
import { MalformedMessage, NetlinkError } from "../../src/netlink/errors";
import type { Message } from "../../src/netlink/message";
import { messages } from "../../src/netlink/message";
import { packAddress, packFouPort, unpackAddress, unpackFouPort, unpackLink } from "../../src/rtnetlink/codec";
import { FouClient } from "../../src/rtnetlink/fou-client";
import { addressBytes, addressText, parseIp } from "../../src/rtnetlink/ip";
import { RouteClient } from "../../src/rtnetlink/route-client";
import type { Exchange } from "./recorded/exchange";
import { routeRecording } from "./recorded/route-6.1";
import { playFou, playRoute } from "./recorded/route-script";
import { message, replay, ScriptedSocket } from "./scripted-socket";

const SEQUENCE_AT = 8;

/** A kernel that answers as it was recorded, and keeps what it was sent. */
class RecordedKernel extends ScriptedSocket {
  readonly requests: string[] = [];

  constructor(exchanges: readonly Exchange[]) {
    super(...exchanges.map(replay));
  }

  override send(buffer: Uint8Array, length: number): void {
    this.requests.push(unnumbered(buffer.subarray(0, length)));
    super.send(buffer, length);
  }
}

/** Without the number, which is another each time. */
function unnumbered(request: Uint8Array): string {
  const copy = Buffer.from(request);
  writeU32(copy, 0, SEQUENCE_AT);
  return copy.toString("hex");
}

const { route, fou, family } = routeRecording;
const [DUMMY, LO] = [4, 1];

test(`links and addresses, as ${routeRecording.kernel} has them`, async () => {
  const kernel = new RecordedKernel(route);
  const found = await playRoute(new RouteClient(new Connection(kernel)));
  const mac = "f2:48:5f:0d:d6:c4";
  const link = (index: number, name: string, kind: string | undefined, flags: number, mac: string) => ({ index, name, kind, flags, mac, master: undefined });
  const address = (index: number, family: number, address: string, prefix: number, flags: number, scope: number, label?: string) => ({ index, family, address, prefix, flags, scope, label });
  assert.deepEqual(found, [
    true,
    null,
    null,
    "errno 17",
    link(DUMMY, "rec0", "dummy", 0x82, mac),
    null,
    null,
    null,
    "errno 17",
    [
      link(LO, "lo", undefined, 0x11049, "00:00:00:00:00:00"),
      link(2, "tunl0", "ipip", 0x80, "00:00:00:00"),
      link(3, "ip6tnl0", "ip6tnl", 0x80, "00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00"),
      link(DUMMY, "rec0", "dummy", 0x100c3, mac),
    ],
    [
      address(LO, 2, "127.0.0.1", 8, 0x80, 254, "lo"),
      address(DUMMY, 2, "192.0.2.1", 32, 0x80, 0, "rec0:7"),
      address(LO, 10, "::1", 128, 0x80, 254),
      address(DUMMY, 10, "2001:db8::1", 128, 0x82, 0),
      address(DUMMY, 10, "fe80::f048:5fff:fe0d:d6c4", 64, 0x80, 253),
    ],
    null,
    null,
    "errno 99",
    null,
    null,
    "errno 19",
  ]);
  assert.deepEqual(kernel.requests, route.map(({ request }) => unnumbered(request)));
  kernel.finish();
});

test("FOU ports, as the kernel has them", async () => {
  const kernel = new RecordedKernel(fou);
  assert.deepEqual(await playFou(new FouClient(new Connection(kernel), family)), [
    [
      { port: 6081, family: 10, type: 1, protocol: 41 },
      { port: 6080, family: 2, type: 2, protocol: 0 },
    ],
    "errno 98",
    [],
  ]);
  assert.deepEqual(kernel.requests, fou.map(({ request }) => unnumbered(request)));
  kernel.finish();
});

test("an address is packed as ip(8) packs it: local, address, label, flags", () => {
  const one = { index: 1, family: 2, address: "192.0.2.1", prefix: 32, flags: 0, scope: 0, label: "lo:0" } as const;
  assert.equal(Buffer.from(packAddress(one)).toString("hex"), "08000200c0000201" + "08000100c0000201" + "090003006c6f3a3000000000");
  const long = { ...one, family: 10, address: "2001:db8::1", label: undefined, flags: 2 } as const;
  const bytes = "20010db8000000000000000000000001";
  assert.equal(Buffer.from(packAddress(long)).toString("hex"), `14000200${bytes}14000100${bytes}0800080002000000`);
});

test("a GUE port has no protocol, for newer kernels refuse 0", () => {
  assert.equal(Buffer.from(packFouPort({ port: 6080, family: 2, type: 2, protocol: 0 })).toString("hex"), "0600010017c00000" + "0500020002000000" + "0500040002000000");
});

const read = (payload: Buffer): Message => messages(message(20, 0, 1, payload), "reading")[0]!;
const hex = (text: string): Buffer => Buffer.from(text.replace(/\s/g, ""), "hex");

const MALFORMED: Readonly<Record<string, () => unknown>> = {
  "a link without its head": () => unpackLink(read(hex("00000000")), "reading"),
  "a link without its name": () => unpackLink(read(Buffer.alloc(16)), "reading"),
  "a link whose attribute overruns": () => unpackLink(read(Buffer.concat([Buffer.alloc(16), hex("ff000300 6c6f0000")])), "reading"),
  "an address without its head": () => unpackAddress(read(hex("02200000")), "reading"),
  "an address without its bytes": () => unpackAddress(read(hex("0220000001000000")), "reading"),
  "an IPv4 address of two bytes": () => unpackAddress(read(hex("0220000001000000 06000200 c0000000")), "reading"),
  "an IPv6 address of four bytes": () => unpackAddress(read(hex("0a80000001000000 08000100 20010db8")), "reading"),
  "a FOU port without its head": () => unpackFouPort(read(Buffer.alloc(2)), "reading"),
  "a FOU port of a byte": () => unpackFouPort(read(hex("03010000 05000100 17000000")), "reading"),
  "a FOU port of another family": () => unpackFouPort(read(hex("03010000 05000200 07000000")), "reading"),
};

for (const [what, work] of Object.entries(MALFORMED)) test(`${what} is malformed`, () => assert.throws(work, MalformedMessage));

test("an address of another family is passed over", () => assert.equal(unpackAddress(read(hex("1c20000001000000")), "reading"), undefined));

test("property: whatever the kernel might answer, there is an answer or a NetlinkError", async () => {
  const replies = [...route, ...fou].flatMap((exchange) => exchange.replies);
  const damaged = fc.record({ reply: fc.constantFrom(...replies), at: fc.nat(), value: fc.nat({ max: 255 }), length: fc.nat() });
  fc.assert(
    fc.property(damaged, ({ reply, at, value, length }) => {
      const bytes = Buffer.from(reply);
      bytes[at % bytes.length] = value;
      const cut = bytes.subarray(0, length % 2 === 0 ? bytes.length : length % bytes.length);
      for (const unpack of [unpackLink, unpackAddress, unpackFouPort]) {
        try {
          for (const one of messages(cut, "reading")) unpack(one, "reading");
        } catch (error) {
          assert.ok(error instanceof NetlinkError, String(error));
        }
      }
    }),
    { numRuns: 2_000 },
  );
});

test("property: an address is its bytes, and the other way round", () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
      const ip = parseIp(text);
      assert.ok(ip !== undefined);
      assert.equal(addressText(ip.family, addressBytes(ip)), ip.address);
      assert.deepEqual(parseIp(ip.address), ip);
    }),
  );
});
