import assert from "node:assert/strict";
import { test } from "node:test";
import { Connection } from "../../src/netlink/connection";
import { ERRNO, MalformedMessage, NetlinkError } from "../../src/netlink/errors";
import { FLAG, genericRequest, type Message, TYPE } from "../../src/netlink/message";
import { textOf } from "../../src/netlink/text";
import { acknowledgement, answer, datagram, message, refusal, ScriptedSocket, type Sent } from "./scripted-socket";

const REQUEST = genericRequest({ operation: "asking", family: 0x1c, version: 1, command: 15, attributes: Buffer.from("0800010007000000", "hex") });

const payload = ({ buffer, start, end }: Message): string => textOf(buffer, start + 4, end);

const isNetlinkError = (errno: number) => (error: unknown): boolean =>
  error instanceof NetlinkError && error.errno === errno && error.operation === "asking";

const isMalformed = (error: unknown): boolean => error instanceof MalformedMessage && error.operation === "asking";

/** A message that answers another request. */
const foreign = (sent: Sent): Sent => ({ ...sent, sequence: (sent.sequence - 1) >>> 0 });

test("a request is one message that asks for an acknowledgement", async () => {
  const socket = new ScriptedSocket((sent) => [datagram(acknowledgement(sent))]);
  await new Connection(socket).change(REQUEST);
  const [[sent]] = socket.sent as [[Sent]];
  assert.deepEqual([sent.type, sent.flags, sent.command, sent.version], [0x1c, FLAG.REQUEST | FLAG.ACK, 15, 1]);
  assert.deepEqual(sent.attributes, REQUEST.attributes);
  socket.finish();
});

test("each request has the next number", async () => {
  const turn = (sent: Sent) => [datagram(acknowledgement(sent))];
  const socket = new ScriptedSocket(turn, turn, turn);
  const connection = new Connection(socket);
  for (let count = 0; count < 3; count++) await connection.change(REQUEST);
  const [first = 0, ...others] = socket.sent.flat().map(({ sequence }) => sequence);
  assert.deepEqual(others, [first + 1, first + 2]);
});

test("the first answer comes back, in one datagram with the acknowledgement or each in its own", async () => {
  const socket = new ScriptedSocket(
    (sent) => [datagram(answer(sent, Buffer.from("one.")), answer(sent, Buffer.from("two.")), acknowledgement(sent))],
    (sent) => [datagram(answer(sent, Buffer.from("one."))), datagram(answer(sent, Buffer.from("two."))), datagram(acknowledgement(sent))],
  );
  const connection = new Connection(socket);
  assert.equal(await connection.request(REQUEST, payload), "one.");
  assert.equal(await connection.request(REQUEST, payload), "one.");
  socket.finish();
});

test("an acknowledgement without an answer is malformed, where one was asked for", async () => {
  const socket = new ScriptedSocket((sent) => [datagram(acknowledgement(sent))], (sent) => [datagram(acknowledgement(sent))]);
  const connection = new Connection(socket);
  await assert.rejects(async () => connection.request(REQUEST, payload), isMalformed);
  await connection.change(REQUEST);
  socket.finish();
});

test("where an answer cannot be read, what is left of it does not answer the next request", async () => {
  const socket = new ScriptedSocket(
    (sent) => [datagram(answer(sent, Buffer.from("one."))), datagram(acknowledgement(sent))],
    (sent) => [datagram(answer(sent, Buffer.from("two.")), acknowledgement(sent))],
  );
  const connection = new Connection(socket);
  const unreadable = async () => connection.request(REQUEST, () => { throw new MalformedMessage("asking", "nonsense"); });
  await assert.rejects(unreadable, isMalformed);
  assert.equal(await connection.request(REQUEST, payload), "two.");
  socket.finish();
});

for (const name of ["EPERM", "ENOENT", "ESRCH", "EEXIST", "EINVAL"] as const) {
  test(`a refusal with ${name} is thrown with its number and what was asked`, async () => {
    const socket = new ScriptedSocket((sent) => [datagram(refusal(sent, ERRNO[name]))]);
    await assert.rejects(async () => new Connection(socket).request(REQUEST, payload), isNetlinkError(ERRNO[name]));
  });
}

test("after a refusal the next request goes through", async () => {
  const socket = new ScriptedSocket((sent) => [datagram(refusal(sent, ERRNO.ESRCH))], (sent) => [datagram(acknowledgement(sent))]);
  const connection = new Connection(socket);
  await assert.rejects(async () => connection.change(REQUEST));
  await connection.change(REQUEST);
});

test("what answers another request is passed over", async () => {
  const socket = new ScriptedSocket((sent) => [
    datagram(answer(foreign(sent), Buffer.from("old.")), refusal(foreign(sent), ERRNO.EEXIST)),
    datagram(answer(sent, Buffer.from("mine")), acknowledgement(foreign(sent))),
    datagram(acknowledgement(sent)),
  ]);
  assert.equal(await new Connection(socket).request(REQUEST, payload), "mine");
  socket.finish();
});

test("what did not come from the kernel is passed over, an acknowledgement too", async () => {
  const socket = new ScriptedSocket((sent) => [
    { ...datagram(answer(sent, Buffer.from("fake")), acknowledgement(sent)), port: 4711 },
    datagram(answer(sent, Buffer.from("true")), acknowledgement(sent)),
  ]);
  assert.equal(await new Connection(socket).request(REQUEST, payload), "true");
  socket.finish();
});

test("control messages that are no error are passed over", async () => {
  const socket = new ScriptedSocket((sent) => [
    datagram(message(TYPE.NOOP, 0, sent.sequence, Buffer.alloc(4)), message(TYPE.OVERRUN, 0, sent.sequence, Buffer.alloc(4))),
    datagram(acknowledgement(sent)),
  ]);
  await new Connection(socket).change(REQUEST);
});

test("a datagram without a message does no harm", async () => {
  const socket = new ScriptedSocket((sent) => [datagram(), datagram(acknowledgement(sent))]);
  await new Connection(socket).change(REQUEST);
});

test("no reply within the time is ETIMEDOUT", async () => {
  const socket = new ScriptedSocket(() => []);
  await assert.rejects(async () => new Connection(socket, { reply: 1234, silence: 1 }).request(REQUEST, payload), isNetlinkError(ERRNO.ETIMEDOUT));
  assert.deepEqual(socket.timeouts, [1234]);
});

test("an answer without its acknowledgement is ETIMEDOUT", async () => {
  const socket = new ScriptedSocket((sent) => [datagram(answer(sent, Buffer.from("one.")))]);
  await assert.rejects(async () => new Connection(socket).request(REQUEST, payload), isNetlinkError(ERRNO.ETIMEDOUT));
});

test("others than the kernel cannot prolong the wait", async () => {
  const socket = new ScriptedSocket(() => []);
  socket.receive = async () => ({ data: Buffer.alloc(0), port: 4711 });
  await assert.rejects(async () => new Connection(socket, { reply: 20, silence: 1 }).request(REQUEST, payload), isNetlinkError(ERRNO.ETIMEDOUT));
});

test("a failure of the socket is thrown with what was asked", async () => {
  const socket = new ScriptedSocket(() => [new NetlinkError("sending", ERRNO.ENOBUFS, "no room")]);
  await assert.rejects(async () => new Connection(socket).request(REQUEST, payload), isNetlinkError(ERRNO.ENOBUFS));
});

test("a malformed reply ends with MalformedMessage, naming what was asked", async () => {
  for (const data of [Buffer.alloc(15), Buffer.alloc(16), Buffer.alloc(64, 0xff)]) {
    const socket = new ScriptedSocket(() => [{ data, port: 0 }]);
    await assert.rejects(async () => new Connection(socket).request(REQUEST, payload), isMalformed);
  }
});

test("closing closes the socket", () => {
  const socket = new ScriptedSocket();
  new Connection(socket).close();
  assert.ok(socket.closed);
});

test("what is there is taken at once: nothing is a promise", () => {
  const socket = new ScriptedSocket(
    (sent) => [datagram(answer(sent, Buffer.from("one."))), datagram(acknowledgement(sent))],
    (sent) => [datagram(acknowledgement(sent))],
    (sent) => [datagram(refusal(sent, ERRNO.EEXIST))],
  );
  socket.prompt = true;
  const connection = new Connection(socket);
  const found = connection.request(REQUEST, payload);
  assert.ok(!(found instanceof Promise));
  assert.equal(found, "one.");
  assert.ok(!(connection.change(REQUEST) instanceof Promise));
  assert.throws(() => connection.change(REQUEST), isNetlinkError(ERRNO.EEXIST));
  socket.finish();
});

test("the answer to a change is waited for where a socket cannot tell who sent it", async () => {
  const socket = new ScriptedSocket((sent) => [datagram(acknowledgement(sent))]);
  socket.prompt = true;
  socket.knowsSender = false;
  const change = new Connection(socket).change(REQUEST);
  assert.ok(change instanceof Promise);
  await change;
  assert.equal(socket.timeouts.length, 1);
});
