import assert from "node:assert/strict";
import { test } from "node:test";
import { parseIpv6 } from "../../src/ipvs/address";
import { IpvsClient } from "../../src/ipvs/client";
import { AF, CMD, DEST, SVC, TOP } from "../../src/ipvs/constants";
import type { Change } from "../../src/ipvs/model";
import { AttributeWriter } from "../../src/netlink/attributes";
import { Connection } from "../../src/netlink/connection";
import { ERRNO, MalformedMessage, NetlinkError } from "../../src/netlink/errors";
import { FLAG } from "../../src/netlink/message";
import { LINUX_6_1 } from "./recorded/kernels";
import { at, daemon, marked, server, service } from "./sample";
import { acknowledgement, answer, datagram, done, refusal, replay, ScriptedSocket, type Turn } from "./scripted-socket";

const IPVS_FAMILY = 0x1c;

async function connected(...turns: Turn[]): Promise<{ client: IpvsClient; socket: ScriptedSocket }> {
  const socket = new ScriptedSocket(replay(LINUX_6_1.family), ...turns);
  return { client: await IpvsClient.open(new Connection(socket)), socket };
}

const isNetlinkError = (errno: number) => (error: unknown): boolean =>
  error instanceof NetlinkError && error.errno === errno;

const acknowledging: Turn = (sent) => [datagram(acknowledgement(sent))];

test("opening finds the family by its name, and requests go to its number", async () => {
  const { client, socket } = await connected(acknowledging);
  await client.change({ kind: "flush" });
  assert.equal(socket.sent[0]?.[0]?.attributes.toString("hex"), "090002004950565300000000");
  assert.equal(socket.sent[1]?.[0]?.type, IPVS_FAMILY);
});

test("opening fails with ENOENT where the kernel has no IPVS", async () => {
  const open = async (turn: Turn): Promise<IpvsClient> => IpvsClient.open(new Connection(new ScriptedSocket(turn)));
  await assert.rejects(open((sent) => [datagram(refusal(sent, ERRNO.ENOENT))]), isNetlinkError(ERRNO.ENOENT));
  await assert.rejects(open(acknowledging), MalformedMessage);
});

const CHANGES: readonly (readonly [Change, command: number])[] = [
  [{ kind: "add-service", service: service() }, CMD.NEW_SERVICE],
  [{ kind: "edit-service", service: service() }, CMD.SET_SERVICE],
  [{ kind: "delete-service", service: service() }, CMD.DEL_SERVICE],
  [{ kind: "add-server", service: service(), server: server() }, CMD.NEW_DEST],
  [{ kind: "edit-server", service: service(), server: server() }, CMD.SET_DEST],
  [{ kind: "delete-server", service: service(), server: server() }, CMD.DEL_DEST],
  [{ kind: "flush" }, CMD.FLUSH],
  [{ kind: "zero" }, CMD.ZERO],
  [{ kind: "zero", service: service() }, CMD.ZERO],
  [{ kind: "set-timeouts", timeouts: { tcp: 1, tcpFin: 2, udp: 3 } }, CMD.SET_CONFIG],
  [{ kind: "start-daemon", daemon: daemon() }, CMD.NEW_DAEMON],
  [{ kind: "stop-daemon", daemon: daemon() }, CMD.DEL_DAEMON],
];

for (const [change, command] of CHANGES) {
  const of = "service" in change ? "of a service" : "";
  test(`${change.kind} ${of} is command ${command}, and its refusal is named after it`, async () => {
    const { client, socket } = await connected(acknowledging, (sent) => [datagram(refusal(sent, ERRNO.EINVAL))]);
    await client.change(change);
    assert.equal(socket.sent[1]?.[0]?.command, command);
    await assert.rejects(async () => client.change(change), (error) => error instanceof NetlinkError && error.operation === change.kind);
  });
}

test("many changes go together, and the refused come back by index", async () => {
  const { client, socket } = await connected((...sent) => [
    datagram(refusal(sent[1]!, ERRNO.EEXIST)),
    datagram(refusal(sent[sent.length - 1]!, ERRNO.ENOENT)),
  ]);
  const refusals = await client.changeAll(CHANGES.map(([change]) => change));
  assert.deepEqual(refusals.map(({ index, error }) => [index, error.operation, error.errno]), [
    [1, "edit-service", ERRNO.EEXIST],
    [CHANGES.length - 1, "stop-daemon", ERRNO.ENOENT],
  ]);
  assert.deepEqual(socket.sent[1]?.map(({ command }) => command), CHANGES.map(([, command]) => command));
});

test("a service that is not there is ESRCH", async () => {
  const { client } = await connected((sent) => [datagram(refusal(sent, ERRNO.ESRCH))]);
  await assert.rejects(async () => client.service(service(), { stats: "none" }), isNetlinkError(ERRNO.ESRCH));
});

test("servers are asked for by their service's key", async () => {
  const { client, socket } = await connected((sent) => [datagram(done(sent))]);
  assert.deepEqual(await client.servers(marked(7, { family: AF.INET6 }), { stats: "none" }), []);
  const [asked] = socket.sent[1] ?? [];
  assert.deepEqual([asked?.command, asked?.flags], [CMD.GET_DEST, FLAG.REQUEST | FLAG.DUMP]);
  const key = new AttributeWriter().nested(TOP.SERVICE, (inner) => inner.u16(SVC.AF, AF.INET6).u32(SVC.FWMARK, 7));
  assert.deepEqual(asked?.attributes, Buffer.from(key.finish()));
});

test("a server whose kernel names no family has its service's", async () => {
  const address = parseIpv6("2001:db8::2") ?? assert.fail();
  const dest = new AttributeWriter().nested(TOP.DEST, (inner) => inner.bytes(DEST.ADDR, address).be16(DEST.PORT, 80));
  const { client } = await connected((sent) => [datagram(answer(sent, dest.finish(), FLAG.MULTI), done(sent))]);
  const [found] = await client.servers(service(at("2001:db8::1")), { stats: "none" });
  assert.deepEqual([found?.family, found?.address, found?.port], [AF.INET6, address, 80]);
});

test("an acknowledgement without an answer is malformed", async () => {
  for (const ask of [
    (client: IpvsClient) => client.info(),
    (client: IpvsClient) => client.timeouts(),
    (client: IpvsClient) => client.service(service(), { stats: "none" }),
  ]) {
    const { client } = await connected(acknowledging);
    await assert.rejects(async () => ask(client), MalformedMessage);
  }
});

test("an entry without its attribute is malformed", async () => {
  const daemons = new AttributeWriter().nested(TOP.DAEMON, () => undefined).finish();
  const { client } = await connected((sent) => [datagram(answer(sent, daemons, FLAG.MULTI), done(sent))]);
  await assert.rejects(async () => client.services({ stats: "none" }), MalformedMessage);
});

test("closing the client closes the socket", async () => {
  const { client, socket } = await connected();
  client.close();
  assert.ok(socket.closed);
});

test("the servers of many services are asked for over a connection of their own, which is closed too", async () => {
  const few = Array.from({ length: 15 }, (_, port) => service({ port }));
  const many = Array.from({ length: 16 }, (_, port) => service({ port }));
  const empty: Turn = (sent) => [datagram(done(sent))];
  const first = new ScriptedSocket(replay(LINUX_6_1.family), ...few.map(() => empty));
  const second = new ScriptedSocket(...[...many, ...many].map(() => empty));
  let opened = 0;
  const client = await IpvsClient.open(new Connection(first), () => (opened++, new Connection(second)));
  await client.serversOf(few, { stats: "none" });
  assert.equal(opened, 0);
  assert.deepEqual(await client.serversOf(many, { stats: "none" }), many.map(() => []));
  await client.serversOf(many, { stats: "none" });
  assert.equal(opened, 1);
  for (const socket of [first, second]) socket.finish();
  client.close();
  assert.ok(first.closed && second.closed);
});

test("a change that cannot be written leaves nothing to the next", async () => {
  const { client, socket } = await connected(acknowledging);
  await assert.rejects(async () => client.change({ kind: "add-service", service: service({ flags: -1 }) }), RangeError);
  await client.change({ kind: "flush" });
  assert.equal(socket.sent[1]?.[0]?.attributes.length, 0);
});
