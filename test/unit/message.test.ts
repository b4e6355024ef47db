import assert from "node:assert/strict";
import { test } from "node:test";
import { ERRNO, MalformedMessage, NetlinkError } from "../../src/netlink/errors";
import { attributesStart, encodedLength, encodeRequest, errnoOf, FLAG, genericRequest, type Message, messages, TYPE } from "../../src/netlink/message";
import { textOf } from "../../src/netlink/text";
import { message } from "./scripted-socket";

const read = (datagram: Buffer): Message[] => [...messages(datagram, "reading")];
const payload = ({ buffer, start, end }: Message): string => textOf(buffer, start, end);

const request = (attributes: string) =>
  genericRequest({ operation: "asking", family: 0x1c, version: 1, command: 4, attributes: Buffer.from(attributes, "hex") });

test("a request is a netlink header, a generic one, and its attributes", () => {
  const wanted = request("0800050007000000");
  const datagram = Buffer.alloc(encodedLength(wanted));
  assert.equal(encodeRequest(wanted, 0x4, 0x01020304, datagram, 0), 28);
  assert.equal(datagram.toString("hex"), "1c0000001c0005000403020100000000" + "04010000" + "0800050007000000");
});

test("a request to another protocol has its own head and flags", () => {
  const head = Buffer.from("0220000001000000", "hex");
  const wanted = { operation: "adding", type: 20, flags: FLAG.CREATE | FLAG.EXCL, head, attributes: Buffer.from("08000200c0000201", "hex") };
  const datagram = Buffer.alloc(encodedLength(wanted));
  assert.equal(encodeRequest(wanted, FLAG.ACK, 7, datagram, 0), 32);
  assert.equal(datagram.toString("hex"), "2000000014000506" + "0700000000000000" + "0220000001000000" + "08000200c0000201");
});

test("requests follow one another, each at a multiple of four", () => {
  const [first, second] = [request("0500010001"), request("")];
  const datagram = Buffer.alloc(encodedLength(first) + encodedLength(second), 0xee);
  datagram.fill(0, 0, encodedLength(first));
  const at = encodeRequest(first, 0, 1, datagram, 0);
  assert.equal(at % 4, 0);
  assert.equal(encodeRequest(second, 0, 2, datagram, at), datagram.length);
  assert.deepEqual(read(datagram).map(({ sequence, start, end }) => [sequence, end - start]), [[1, 12], [2, 4]]);
});

test("all the messages of a datagram are read, padded or not", () => {
  const datagram = Buffer.concat([message(20, 2, 7, Buffer.from("a")), message(21, 0, 8, Buffer.from("bcde")), message(22, 0, 9, Buffer.from("fgh"))]);
  for (const bytes of [datagram, datagram.subarray(0, -1)]) {
    assert.deepEqual(
      read(bytes).map((found) => [found.type, found.flags, found.sequence, found.port, payload(found)]),
      [[20, 2, 7, 0, "a"], [21, 0, 8, 0, "bcde"], [22, 0, 9, 0, "fgh"]],
    );
  }
});

test("an empty datagram has no message", () => assert.deepEqual(read(Buffer.alloc(0)), []));

const header = (length: number, size: number): Buffer => {
  const bytes = Buffer.alloc(size);
  bytes.writeUInt32LE(length);
  return bytes;
};

const MALFORMED: Readonly<Record<string, Buffer>> = {
  "a length of 0": header(0, 16),
  "a length below the header": header(15, 32),
  "a length beyond the datagram": header(17, 16),
  "a length beyond any datagram": header(0xffffffff, 64),
  "a header cut short": header(16, 15),
  "a byte alone": Buffer.alloc(1),
};

for (const [what, datagram] of Object.entries(MALFORMED)) {
  test(`${what} is malformed`, () => assert.throws(() => read(datagram), MalformedMessage));
  test(`${what} after a whole message is malformed`, () =>
    assert.throws(() => read(Buffer.concat([message(20, 0, 7, Buffer.alloc(0)), datagram])), MalformedMessage));
}

const ended = (type: number, bytes: string): Message => read(message(type, 0, 1, Buffer.from(bytes, "hex")))[0]!;

test("an error message carries its errno, an acknowledgement 0", () => {
  assert.equal(errnoOf(ended(TYPE.ERROR, "fdffffff"), "asking"), ERRNO.ESRCH);
  assert.equal(errnoOf(ended(TYPE.ERROR, "00000000"), "asking"), 0);
  assert.equal(errnoOf(ended(TYPE.DONE, "f4ffffff"), "asking"), ERRNO.ENOMEM);
});

test("only the end of a dump may lack its errno", () => {
  assert.equal(errnoOf(ended(TYPE.DONE, ""), "asking"), 0);
  assert.throws(() => errnoOf(ended(TYPE.ERROR, "fdffff"), "asking"), MalformedMessage);
});

test("a generic message needs its header", () => {
  const [short, whole] = read(Buffer.concat([message(20, 0, 1, Buffer.alloc(3)), message(20, 0, 2, Buffer.alloc(4))]));
  assert.throws(() => attributesStart(short!, "asking"), MalformedMessage);
  assert.equal(attributesStart(whole!, "asking"), whole!.end);
});

test("an error names the operation, the errno and the detail", () => {
  const error = new MalformedMessage("listing the services", "3 bytes are left");
  assert.ok(error instanceof NetlinkError);
  assert.deepEqual([error.operation, error.errno], ["listing the services", ERRNO.EBADMSG]);
  assert.equal(error.message, "listing the services: 3 bytes are left");
  assert.equal(new NetlinkError("adding a service", ERRNO.EEXIST).message, "adding a service: File exists");
});
