import assert from "node:assert/strict";
import { test } from "node:test";
import { Connection } from "../../src/netlink/connection";
import { ERRNO, MalformedMessage, NetlinkError } from "../../src/netlink/errors";
import { FLAG, genericRequest, type Message, TYPE } from "../../src/netlink/message";
import { textOf } from "../../src/netlink/text";
import { answer, type Arrival, datagram, done, message, refusal, ScriptedSocket, type Sent, type Turn } from "./scripted-socket";

const REQUEST = genericRequest({ operation: "listing", family: 0x1c, version: 1, command: 4, attributes: Buffer.alloc(0) });
const NO_PATIENCE = { reply: 50, silence: 7 };
/** As src/netlink/dumps.ts bounds them. */
const ATTEMPTS = 20;

const text = ({ buffer, start, end }: Message): string => textOf(buffer, start + 4, end);

const piece = (sent: Sent, ...entries: string[]): Buffer =>
  Buffer.concat(entries.map((entry) => answer(sent, Buffer.from(entry), FLAG.MULTI)));

/** A whole dump: each piece a datagram, then the end. */
const dumped = (...pieces: string[][]): Turn => (sent) => [
  ...pieces.map((entries) => datagram(piece(sent, ...entries))),
  datagram(done(sent)),
];

const overflow = (): Arrival => new NetlinkError("receiving", ERRNO.ENOBUFS, "replies were lost");

const list = async (socket: ScriptedSocket): Promise<string[]> => new Connection(socket, NO_PATIENCE).dump(REQUEST, text);

const isNetlinkError = (errno: number, words = /^listing: /) => (error: unknown): boolean =>
  error instanceof NetlinkError && error.errno === errno && words.test(error.message);

test("a dump asks for the whole table and gathers it from all its pieces", async () => {
  const socket = new ScriptedSocket(dumped(["aaaa", "bbbb"], [], ["cccc"]));
  assert.deepEqual(await list(socket), ["aaaa", "bbbb", "cccc"]);
  assert.deepEqual(socket.sent.flat().map(({ flags }) => flags), [FLAG.REQUEST | FLAG.DUMP]);
  socket.finish();
});

test("an empty table is empty", async () => assert.deepEqual(await list(new ScriptedSocket(dumped())), []));

test("the end may stand in the last piece, and without an errno", async () => {
  const socket = new ScriptedSocket((sent) => [datagram(piece(sent, "aaaa"), done(sent).fill(16, 0, 1).subarray(0, 16))]);
  assert.deepEqual(await list(socket), ["aaaa"]);
});

test("pieces of another dump, and of others than the kernel, are passed over", async () => {
  const socket = new ScriptedSocket((sent) => {
    const other = { ...sent, sequence: (sent.sequence - 1) >>> 0 };
    return [
      datagram(piece(other, "xxxx"), done(other)),
      { ...datagram(piece(sent, "yyyy"), done(sent)), port: 99 },
      datagram(piece(sent, "aaaa"), done(sent)),
    ];
  });
  assert.deepEqual(await list(socket), ["aaaa"]);
  socket.finish();
});

test("a dump that the kernel refuses is thrown, whether before it begins or at its end", async () => {
  const before = new ScriptedSocket((sent) => [datagram(refusal(sent, ERRNO.EPERM))]);
  await assert.rejects(list(before), isNetlinkError(ERRNO.EPERM));
  const atEnd = new ScriptedSocket((sent) => [datagram(piece(sent, "aaaa")), datagram(done(sent, ERRNO.ENOMEM))]);
  await assert.rejects(list(atEnd), isNetlinkError(ERRNO.ENOMEM));
});

const INTERRUPTED: Readonly<Record<string, Turn>> = {
  "in a piece": (sent) => [
    datagram(answer(sent, Buffer.from("old."), FLAG.MULTI | FLAG.DUMP_INTR)),
    datagram(piece(sent, "old.")),
    datagram(done(sent)),
  ],
  "at its end": (sent) => [datagram(piece(sent, "old.")), datagram(done(sent, 0, FLAG.MULTI | FLAG.DUMP_INTR))],
};

for (const [where, interrupted] of Object.entries(INTERRUPTED)) {
  test(`a dump that was interrupted ${where} is asked for again, under another number`, async () => {
    const socket = new ScriptedSocket(interrupted, interrupted, dumped(["new."]));
    assert.deepEqual(await list(socket), ["new."]);
    assert.equal(new Set(socket.sent.flat().map(({ sequence }) => sequence)).size, 3);
    socket.finish();
  });

  test(`a dump that is always interrupted ${where} ends with EINTR and says so`, async () => {
    const socket = new ScriptedSocket(...new Array<Turn>(ATTEMPTS).fill(interrupted));
    await assert.rejects(list(socket), isNetlinkError(ERRNO.EINTR, /^listing: the table changed during each of 20 readings$/));
    socket.finish();
  });
}

test("control messages are no entries", async () => {
  const control = (sent: Sent): Buffer[] => [TYPE.NOOP, TYPE.OVERRUN].map((type) => message(type, 0, sent.sequence, Buffer.from("nnnn....")));
  const socket = new ScriptedSocket((sent) => [datagram(...control(sent), piece(sent, "aaaa"), done(sent))]);
  assert.deepEqual(await list(socket), ["aaaa"]);
});

test("a queue that overflowed is emptied to the end of the dump, and the dump asked for again", async () => {
  const socket = new ScriptedSocket(
    (sent) => [datagram(piece(sent, "lost")), overflow(), datagram(piece(sent, "old.")), datagram(done(sent))],
    dumped(["new."]),
  );
  // Here everything comes after the overflow was met.
  socket.discard = () => undefined;
  assert.deepEqual(await list(socket), ["new."]);
  socket.finish();
});

test("what had arrived when the queue overflowed is thrown away unread, and a while of silence ends the dump", async () => {
  const socket = new ScriptedSocket((sent) => [datagram(piece(sent, "lost")), overflow(), datagram(Buffer.alloc(1))], dumped(["new."]));
  assert.deepEqual(await list(socket), ["new."]);
  assert.ok(socket.timeouts.includes(NO_PATIENCE.silence));
  socket.finish();
});

test("an overflow while the queue is emptied is no other", async () => {
  const socket = new ScriptedSocket((sent) => [overflow(), overflow(), overflow(), datagram(done(sent))], dumped(["new."]));
  socket.discard = () => undefined;
  assert.deepEqual(await list(socket), ["new."]);
  assert.equal(socket.sent.length, 2);
});

test("a queue that overflows in every reading ends with ENOBUFS", async () => {
  const socket = new ScriptedSocket(...new Array<Turn>(ATTEMPTS).fill(() => [overflow()]));
  await assert.rejects(list(socket), isNetlinkError(ERRNO.ENOBUFS));
  socket.finish();
});

test("a queue that overflows without end ends with ENOBUFS", async () => {
  const socket = new ScriptedSocket(() => []);
  socket.receive = async () => {
    throw overflow();
  };
  await assert.rejects(list(socket), isNetlinkError(ERRNO.ENOBUFS));
});

test("a dump without an end is ETIMEDOUT, and is not asked for again", async () => {
  const socket = new ScriptedSocket((sent) => [datagram(piece(sent, "aaaa"))]);
  await assert.rejects(list(socket), isNetlinkError(ERRNO.ETIMEDOUT));
  assert.equal(socket.sent.length, 1);
});

test("a malformed piece ends with MalformedMessage, and is not asked for again", async () => {
  const socket = new ScriptedSocket((sent) => [{ data: piece(sent, "aaaa").subarray(0, 20), port: 0 }]);
  await assert.rejects(list(socket), (error) => error instanceof MalformedMessage && error.operation === "listing");
  assert.equal(socket.sent.length, 1);
});

test("what a decoder throws is thrown", async () => {
  const socket = new ScriptedSocket(dumped(["aaaa"]));
  const failing = (): never => {
    throw new MalformedMessage("listing", "no attribute");
  };
  await assert.rejects(async () => new Connection(socket, NO_PATIENCE).dump(REQUEST, failing), MalformedMessage);
});

test("each table has its own attempts", async () => {
  const interrupted: Turn = (sent) => [datagram(answer(sent, Buffer.from("old."), FLAG.MULTI | FLAG.DUMP_INTR)), datagram(done(sent))];
  const often = new Array<Turn>(ATTEMPTS - 1).fill(interrupted);
  const socket = new ScriptedSocket(...often, dumped(["one."]), ...often, dumped(["two."]), ...often, dumped(["six."]));
  assert.deepEqual(await new Connection(socket, NO_PATIENCE).dumps([REQUEST, REQUEST, REQUEST], text), [["one."], ["two."], ["six."]]);
  socket.finish();
});

test("what is there is taken at once: nothing is a promise", () => {
  const socket = new ScriptedSocket(dumped(["one.", "two."], ["six."]), dumped(["ten."]));
  socket.prompt = true;
  const connection = new Connection(socket, NO_PATIENCE);
  assert.deepEqual(connection.dumps([REQUEST, REQUEST], text), [["one.", "two.", "six."], ["ten."]]);
  socket.finish();
});
