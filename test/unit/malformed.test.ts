/** Whatever bytes arrive, reading them ends: with a result, or with NetlinkError. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { IpvsClient } from "../../src/ipvs/client";
import { align, readU32, writeU32 } from "../../src/netlink/bytes";
import { Connection } from "../../src/netlink/connection";
import { NetlinkError } from "../../src/netlink/errors";
import type { Soon } from "../../src/soon";
import { LINUX_6_1, runOf } from "./recorded/kernels";
import { service } from "./sample";
import { acknowledgement, answer, datagram, done, replay, ScriptedSocket, type Turn } from "./scripted-socket";

/** Every question that has an answer, once each. */
const QUESTIONS: Readonly<Record<string, (client: IpvsClient) => Soon<unknown>>> = {
  info: (client) => client.info(),
  timeouts: (client) => client.timeouts(),
  daemons: (client) => client.daemons(),
  services: (client) => client.services({ stats: "totals" }),
  service: (client) => client.service(service(), { stats: "totals" }),
  servers: (client) => client.servers(service(), { stats: "totals" }),
};

const WHOLE_TABLE = runOf(LINUX_6_1, "ipvsadm -L -n --stats --exact").exchanges;
const REAL = [
  LINUX_6_1.info,
  ...WHOLE_TABLE,
  ...runOf(LINUX_6_1, "ipvsadm -L -n -t 192.0.2.1:80").exchanges,
  ...runOf(LINUX_6_1, "ipvsadm -L --daemon").exchanges,
  ...runOf(LINUX_6_1, "ipvsadm -L --timeout").exchanges,
  ...runOf(LINUX_6_1, "ipvsadm -Z").exchanges,
].flatMap(({ replies }) => replies);

/** Asks every question of a kernel that answers them with this turn; nothing but NetlinkError may come of it. */
async function survives(turn: Turn): Promise<void> {
  for (const ask of Object.values(QUESTIONS)) {
    // A dump is asked for again, at most as often as the connection does.
    const client = await IpvsClient.open(new Connection(new ScriptedSocket(replay(LINUX_6_1.family), ...new Array<Turn>(20).fill(turn))));
    try {
      await ask(client);
    } catch (error) {
      assert.ok(error instanceof NetlinkError, String(error));
    }
  }
}

/** The recorded bytes with the sequence number that is waited for, where they still have messages. */
function renumbered(bytes: Buffer, sequence: number): Buffer {
  const data = Buffer.from(bytes);
  for (let at = 0; at + 16 <= data.length; at += Math.max(4, align(readU32(data, at)))) writeU32(data, sequence, at + 8);
  return data;
}

test("property: random datagrams", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200, size: "max" }), (bytes) => survives(() => [datagram(Buffer.from(bytes))])),
  );
});

test("property: random payloads under the right number", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200, size: "max" }), (bytes) =>
      survives((sent) => [datagram(answer(sent, bytes)), datagram(acknowledgement(sent), done(sent))]),
    ),
  );
});

test("property: real replies cut short", async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...REAL), fc.nat({ max: 4096 }), (reply, cut) =>
      survives((sent) => [datagram(renumbered(reply.subarray(0, cut % reply.length), sent.sequence)), datagram(done(sent))]),
    ),
  );
});

test("property: real replies with bits flipped", async () => {
  const flips = fc.array(fc.tuple(fc.nat({ max: 4096 }), fc.integer({ min: 0, max: 7 })), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...REAL), flips, (reply, flips) =>
      survives((sent) => {
        const data = renumbered(reply, sent.sequence);
        for (const [at, bit] of flips) data[at % data.length]! ^= 1 << bit;
        return [datagram(data), datagram(done(sent))];
      }),
    ),
  );
});
