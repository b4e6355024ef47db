/** What the kernel tells of: bytes that Linux 6.18 sent to a socket in the groups of watch. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ERRNO, NetlinkError } from "../../src/netlink/errors";
import { type Change, changesOf } from "../../src/rtnetlink/notifications";

const datagram = (text: string, port = 0) => ({ data: Buffer.from(text, "hex"), port });

const ADDRESS_GONE = `4c000000150000001bf3096b447f00000220800001000000080001000a630026080002000a630026070003006c6f0000
  080008008000000014000600ffffffffffffffffceff0200ceff0200`.replace(/\s+/g, "");
const FORWARDING = "240000005000000000000000000000000200000008000100ffffffff0800020001000000";
const LOCAL_ROUTE_GONE = "3c000000190000001af3096b327f000002200000ff02fe020000000008000f00ff000000080001000a630026080007000a6300260800040001000000";
const LOCAL_ROUTE = LOCAL_ROUTE_GONE.replace("3c00000019", "3c00000018");
const LOCAL_ROUTE6_GONE = `74000000190000001cf3096b707f00000a800000ff0200020000000008000f00ff000000
  1400010020010db80000000000000000000000380800060000000000080004000100000024000c00
  00000000000000000000000000000000000000000000000000000000000000000500140000000000`.replace(/\s+/g, "");
const BLACKHOLE = "2c0000001800000620f3096b4a01000002200000ff0300060000000008000f00ff000000080001000a630026";
const ROUTE_IN_MAIN = "34000000180000061ff3096b3401000002200000fe03fd010000000008000f00fe000000080001000a0100010800040001000000";

const CASES: readonly (readonly [what: string, bytes: string, changes: readonly Change[]])[] = [
  ["an address that is gone", ADDRESS_GONE, [{ kind: "changed" }]],
  ["forwarding", FORWARDING, [{ kind: "changed" }]],
  ["the local route of an address that is gone", LOCAL_ROUTE_GONE, [{ kind: "route", address: "10.99.0.38" }]],
  ["the same of IPv6", LOCAL_ROUTE6_GONE, [{ kind: "route", address: "2001:db8::38" }]],
  ["a local route that came", LOCAL_ROUTE, []],
  ["another route in its place", BLACKHOLE, [{ kind: "route", address: "10.99.0.38" }]],
  ["a route of a routing daemon's", ROUTE_IN_MAIN, []],
  ["two in one datagram", FORWARDING + LOCAL_ROUTE_GONE, [{ kind: "changed" }, { kind: "route", address: "10.99.0.38" }]],
  ["a message that was cut", LOCAL_ROUTE_GONE.slice(0, 60), [{ kind: "overflow" }]],
  ["a route without its header", "1400000019000000000000000000000002200000", [{ kind: "overflow" }]],
];

for (const [what, bytes, changes] of CASES) test(`heard: ${what}`, () => assert.deepEqual(changesOf(datagram(bytes)), changes));

test("what another process sends is not the kernel's word", () => assert.deepEqual(changesOf(datagram(ADDRESS_GONE, 4711)), []));

for (const errno of [ERRNO.ENOBUFS, ERRNO.EMSGSIZE]) {
  test(`after errno ${errno}, anything may have changed`, () =>
    assert.deepEqual(changesOf(new NetlinkError("listening to the kernel", errno)), [{ kind: "overflow" }]));
}

test("a socket that failed for good is told of", () => assert.throws(() => changesOf(new NetlinkError("listening to the kernel", ERRNO.EBADF)), NetlinkError));
