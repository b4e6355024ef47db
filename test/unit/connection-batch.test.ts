import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Connection } from "../../src/netlink/connection";
import { ERRNO, MalformedMessage, NetlinkError } from "../../src/netlink/errors";
import { encodedLength, FLAG, genericRequest, type Request } from "../../src/netlink/message";
import { acknowledgement, datagram, refusal, ScriptedSocket, type Sent, type Turn } from "./scripted-socket";

const request = (number: number, size = 8): Request =>
  genericRequest({ operation: `change ${number}`, family: 0x1c, version: 1, command: number, attributes: Buffer.alloc(size, number) });

const requests = (count: number, size?: number): Request[] => Array.from({ length: count }, (_, index) => request(index, size));

/** The kernel refuses those commands, and acknowledges where it is asked to; each answer is a datagram. */
const refusing = (refused: ReadonlyMap<number, number>): Turn => (...sent) =>
  sent.flatMap((one) => {
    const errno = refused.get(one.command) ?? 0;
    return errno !== 0 || (one.flags & FLAG.ACK) !== 0 ? [datagram(refusal(one, errno))] : [];
  });

const accepting: Turn = refusing(new Map());

const refusals = async (connection: Connection, all: readonly Request[]): Promise<[number, string, number][]> =>
  (await connection.batch(all)).map(({ index, error }) => [index, error.operation, error.errno]);

test("a batch is one datagram of which only the last request asks for an acknowledgement", async () => {
  const socket = new ScriptedSocket(accepting);
  assert.deepEqual(await new Connection(socket).batch(requests(5)), []);
  assert.deepEqual(
    socket.sent.map((sent) => sent.map(({ command, flags }) => [command, flags])),
    [[[0, FLAG.REQUEST], [1, FLAG.REQUEST], [2, FLAG.REQUEST], [3, FLAG.REQUEST], [4, FLAG.REQUEST | FLAG.ACK]]],
  );
  socket.finish();
});

test("an empty batch sends nothing", async () => {
  const socket = new ScriptedSocket();
  assert.deepEqual(await new Connection(socket).batch([]), []);
  assert.deepEqual(socket.sent, []);
});

const REFUSED: readonly (readonly number[])[] = [[0], [2], [4], [0, 1], [1, 3], [0, 1, 2, 3, 4]];

for (const indices of REFUSED) {
  test(`refusals of ${indices.join(", ")} out of five come back by index`, async () => {
    const socket = new ScriptedSocket(refusing(new Map(indices.map((index) => [index, ERRNO.EEXIST]))));
    assert.deepEqual(
      await refusals(new Connection(socket), requests(5)),
      indices.map((index) => [index, `change ${index}`, ERRNO.EEXIST]),
    );
    socket.finish();
  });
}

test("refusals may share a datagram", async () => {
  const socket = new ScriptedSocket((first, second, third) => [
    datagram(refusal(first!, ERRNO.ESRCH), refusal(second!, ERRNO.EINVAL), acknowledgement(third!)),
  ]);
  assert.deepEqual(await refusals(new Connection(socket), requests(3)), [
    [0, "change 0", ERRNO.ESRCH],
    [1, "change 1", ERRNO.EINVAL],
  ]);
});

test("answers to no request of the batch are passed over", async () => {
  const socket = new ScriptedSocket((first, last) => [
    datagram(refusal({ ...first!, sequence: (first!.sequence - 1) >>> 0 }, ERRNO.EEXIST)),
    { ...datagram(refusal(last!, ERRNO.EEXIST)), port: 77 },
    datagram(acknowledgement(last!)),
  ]);
  assert.deepEqual(await new Connection(socket).batch(requests(2)), []);
  socket.finish();
});

test("a small receive buffer makes many datagrams, and indices count through them", async () => {
  const turn = refusing(new Map([[3, ERRNO.ENOENT], [7, ERRNO.EEXIST]]));
  const socket = new ScriptedSocket(...new Array<Turn>(5).fill(turn));
  // Room for the refusals of two requests.
  socket.receiveBufferSize = 2 * 2 * (1280 + 2 * encodedLength(request(0)));
  assert.deepEqual(await refusals(new Connection(socket), requests(10)), [
    [3, "change 3", ERRNO.ENOENT],
    [7, "change 7", ERRNO.EEXIST],
  ]);
  assert.deepEqual(socket.sent.map((sent) => sent.map(({ command }) => command)), [[0, 1], [2, 3], [4, 5], [6, 7], [8, 9]]);
  socket.finish();
});

test("a request larger than either buffer still goes, alone", async () => {
  for (const size of ["receiveBufferSize", "sendBufferSize"] as const) {
    const socket = new ScriptedSocket(accepting, accepting, accepting);
    socket[size] = 1;
    assert.deepEqual(await new Connection(socket).batch(requests(3)), []);
    assert.deepEqual(socket.sent.map((sent) => sent.length), [1, 1, 1]);
  }
});

test("property: every request goes once, in order, in datagrams that fit, and each refusal has its index", async () => {
  const sizes = fc.array(fc.nat({ max: 400 }), { minLength: 1, maxLength: 60, size: "max" });
  await fc.assert(
    fc.asyncProperty(sizes, fc.integer({ min: 1, max: 40_000 }), fc.integer({ min: 1, max: 40_000 }), fc.func(fc.boolean()), async (sizes, receive, send, refuses) => {
      const all = sizes.map((size, index) => request(index, size));
      const refused = new Map(all.flatMap((_, index): [number, number][] => (refuses(index) ? [[index, ERRNO.EEXIST]] : [])));
      const socket = new ScriptedSocket(...new Array<Turn>(all.length).fill(refusing(refused)));
      socket.receiveBufferSize = receive;
      socket.sendBufferSize = send;
      const found = await new Connection(socket).batch(all);
      assert.deepEqual(found.map(({ index }) => index), [...refused.keys()]);
      assert.deepEqual(socket.sent.flat().map(({ command }) => command), all.map((_, index) => index));
      const length = (sent: readonly Sent[]): number => sent.reduce((sum, { attributes }) => sum + 20 + attributes.length, 0);
      for (const sent of socket.sent) assert.ok(sent.length === 1 || length(sent) <= send / 2);
      assert.ok(socket.sent.every((sent) => sent.every(({ flags }, index) => ((flags & FLAG.ACK) !== 0) === (index === sent.length - 1))));
    }),
  );
});

test("without the last acknowledgement a batch is ETIMEDOUT", async () => {
  const socket = new ScriptedSocket(() => []);
  const timedOut = (error: unknown): boolean => error instanceof NetlinkError && error.errno === ERRNO.ETIMEDOUT;
  await assert.rejects(new Connection(socket).batch(requests(2)), timedOut);
});

test("a malformed answer to a batch is MalformedMessage", async () => {
  const socket = new ScriptedSocket(() => [{ data: Buffer.alloc(17, 0xff), port: 0 }]);
  await assert.rejects(new Connection(socket).batch(requests(2)), MalformedMessage);
});
