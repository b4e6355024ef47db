/** What is packed is what is unpacked, for anything that the kernel could be told. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import * as codec from "../../src/ipvs/codec";
import { AF, DAEMON, DEST, SVC, TOP } from "../../src/ipvs/constants";
import { type AttributeReader, AttributeWriter } from "../../src/netlink/attributes";
import { ERRNO, MalformedMessage, NetlinkError } from "../../src/netlink/errors";
import { allAttributes, readerOf } from "./all-attributes";
import { attributeLines } from "./attribute-tree";
import * as arbitrary from "./arbitraries";
import * as sample from "./sample";

const OPERATION = "reading";

const top = (writer: AttributeWriter): AttributeReader => readerOf(Buffer.from(writer.finish()));

/** What lies in the one attribute of this type. */
function inside(writer: AttributeWriter, type: number): AttributeReader {
  const outer = top(writer);
  assert.ok(outer.next());
  assert.equal(outer.type, type);
  return outer.nested();
}

test("property: a service", () => {
  fc.assert(
    fc.property(arbitrary.service, (service) => {
      const packed = codec.packService(new AttributeWriter(), service);
      assert.deepEqual(codec.unpackService(inside(packed, TOP.SERVICE), "none", OPERATION), service);
    }),
  );
});

test("property: a service's key is its key alone", () => {
  fc.assert(
    fc.property(arbitrary.service, (service) => {
      const packed = codec.packServiceKey(new AttributeWriter(), service);
      const { family, mark, protocol, address, port } = service;
      assert.deepEqual(codec.unpackService(inside(packed, TOP.SERVICE), "none", OPERATION), {
        ...{ family, mark, protocol, address, port },
        ...{ scheduler: "", flags: 0, timeout: 0, netmask: 0, engine: "" },
      });
    }),
  );
});

test("property: a server, whatever its service's family", () => {
  fc.assert(
    fc.property(arbitrary.server, arbitrary.place, (server, { family }) => {
      const packed = codec.packServer(new AttributeWriter(), server);
      assert.deepEqual(codec.unpackServer(inside(packed, TOP.DEST), family, "none", OPERATION), {
        ...server,
        ...{ active: 0, inactive: 0, persistent: 0 },
      });
    }),
  );
});

test("property: a server's key is its key alone", () => {
  fc.assert(
    fc.property(arbitrary.server, ({ family, address, port, ...details }) => {
      const packed = codec.packServerKey(new AttributeWriter(), { family, address, port, ...details });
      assert.deepEqual(
        allAttributes(() => inside(packed, TOP.DEST)).map(({ type }) => type).sort((a, b) => a - b),
        [DEST.ADDR, DEST.PORT, DEST.ADDR_FAMILY],
      );
      const { forwarding, weight, ...found } = codec.unpackServer(inside(packed, TOP.DEST), AF.INET, "none", OPERATION);
      assert.deepEqual([found.family, found.address, found.port, forwarding, weight], [family, address, port, 0, 0]);
    }),
  );
});

test("property: a daemon; what is left to the kernel is not told", () => {
  fc.assert(
    fc.property(arbitrary.daemon, (daemon) => {
      const packed = codec.packDaemon(new AttributeWriter(), daemon);
      assert.deepEqual(codec.unpackDaemon(inside(packed, TOP.DAEMON)), daemon);
    }),
  );
});

test("property: a daemon's key is its role, its interface and its id", () => {
  fc.assert(
    fc.property(arbitrary.daemon, (daemon) => {
      const packed = codec.packDaemonKey(new AttributeWriter(), daemon);
      const { role, interface: name, syncId } = daemon;
      assert.deepEqual(codec.unpackDaemon(inside(packed, TOP.DAEMON)), sample.daemon({ role, interface: name, syncId }));
    }),
  );
});

test("property: timeouts", () => {
  fc.assert(
    fc.property(arbitrary.timeouts, (timeouts) => {
      assert.deepEqual(codec.unpackTimeouts(top(codec.packTimeouts(new AttributeWriter(), timeouts))), timeouts);
    }),
  );
});

test("an IPv4 mask goes in network order, an IPv6 prefix length as a number", () => {
  const netmaskOf = (service: Parameters<typeof codec.packService>[1]): string | undefined =>
    attributeLines(Buffer.from(codec.packService(new AttributeWriter(), service).finish())).find((line) =>
      line.startsWith(`${TOP.SERVICE}.${SVC.NETMASK}=`),
    );
  assert.equal(netmaskOf(sample.service({ netmask: 0xffffff00 })), "1.9=ffffff00");
  assert.equal(netmaskOf(sample.service({ ...sample.at("2001:db8::1"), netmask: 64 })), "1.9=40000000");
});

test("what the kernel's defaults shall fill is left out of a daemon", () => {
  const inner = allAttributes(() => inside(codec.packDaemon(new AttributeWriter(), sample.daemon()), TOP.DAEMON));
  assert.deepEqual(inner.map(({ type }) => type), [DAEMON.STATE, DAEMON.MCAST_IFN, DAEMON.SYNC_ID]);
});

test("a forwarding method is its low three bits, whatever else the kernel keeps there", () => {
  assert.equal(codec.unpackServer(top(new AttributeWriter().be32(DEST.ADDR, 1, 16).u32(DEST.FWD_METHOD, 0x0103)), AF.INET, "none", OPERATION).forwarding, 3);
});

test("what has no address is malformed, but for a mark", () => {
  const malformed = (error: unknown): boolean => error instanceof MalformedMessage && /without its address/.test(error.message);
  assert.throws(() => codec.unpackServer(top(new AttributeWriter().be16(DEST.PORT, 80)), AF.INET6, "none", OPERATION), malformed);
  assert.throws(() => codec.unpackService(top(new AttributeWriter().u16(SVC.AF, AF.INET6)), "none", OPERATION), malformed);
  assert.equal(codec.unpackService(top(new AttributeWriter().u16(SVC.AF, AF.INET6).u32(SVC.FWMARK, 7)), "none", OPERATION).mark, 7);
});

test("an address family that is neither is refused", () => {
  for (const type of [SVC.AF, DEST.ADDR_FAMILY]) {
    const attributes = top(new AttributeWriter().u16(type, 1));
    const refused = (error: unknown): boolean => error instanceof NetlinkError && error.errno === ERRNO.EAFNOSUPPORT;
    const unpack = type === SVC.AF
      ? () => codec.unpackService(attributes, "none", OPERATION)
      : () => codec.unpackServer(attributes, AF.INET, "none", OPERATION);
    assert.throws(unpack, refused);
  }
});
