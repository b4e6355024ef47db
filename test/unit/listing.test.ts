import assert from "node:assert/strict";
import { test } from "node:test";
import { IpvsClient } from "../../src/ipvs/client";
import { packServerKey } from "../../src/ipvs/codec";
import { AF } from "../../src/ipvs/constants";
import { type TableEntry, TableReader } from "../../src/ipvs/listing";
import { AttributeWriter } from "../../src/netlink/attributes";
import { Connection } from "../../src/netlink/connection";
import { FLAG } from "../../src/netlink/message";
import type { Soon } from "../../src/soon";
import { writeTable } from "../../src/views/write-table";
import { LINUX_6_1 } from "./recorded/kernels";
import { at, server, service } from "./sample";
import { answer, datagram, done, replay, ScriptedSocket, type Turn } from "./scripted-socket";

const SERVICES = Array.from({ length: 70 }, (_, index) => service({ port: 1_000 + index }));

/** Answers a dump with one server of that port. */
const oneServer = (port: number): Turn => (sent) => [
  datagram(answer(sent, packServerKey(new AttributeWriter(), server({ port })).finish(), FLAG.MULTI)),
  datagram(done(sent)),
];

for (const prompt of [true, false]) {
  test(`a table comes in pieces, and none is left out${prompt ? "" : ", where it is waited for"}`, async () => {
    const socket = new ScriptedSocket(replay(LINUX_6_1.family), ...SERVICES.map(({ port }) => oneServer(port + 5_000)));
    socket.prompt = prompt;
    const reader = new TableReader(await IpvsClient.open(new Connection(socket)), SERVICES, { sorted: false, stats: "none", brief: false });
    const pieces: (readonly TableEntry[])[] = [];
    for (let piece = await reader.next(); piece !== undefined; piece = await reader.next()) pieces.push(piece);
    assert.deepEqual(pieces.map(({ length }) => length), [32, 32, 6]);
    assert.deepEqual(
      pieces.flat().map((entry) => [entry.service.port, ...entry.servers.map(({ port }) => port)]),
      SERVICES.map(({ port }) => [port, port + 5_000]),
    );
    socket.finish();
  });
}

/** So long that it is written before its end. */
const LINE = "x".repeat(99);

for (const numeric of [true, false]) {
  for (const later of [false, true]) {
    test(`a long table is written once, ${numeric ? "by numbers" : "by names"}${later ? ", where it is waited for" : ""}`, async () => {
      const left = [300, 1, 0, 300].map((length) => Array.from({ length }, () => ({ service: service(at("192.0.2.1")), servers: [] })));
      const table = {
        next: (): Soon<readonly TableEntry[] | undefined> => (later ? Promise.resolve(left.shift()) : left.shift()),
      };
      const written: string[] = [];
      const names = {
        patience: 0,
        hostAddress: async () => undefined,
        hostNames: async () => new Map([["192.0.2.1", "a-name"]]),
        servicePort: () => undefined,
        serviceName: () => undefined,
      };
      let count = 0;
      await writeTable(table, numeric, { out: (text) => written.push(text), names }, ({ service: { address, port } }, naming) => {
        return `${++count} ${naming.endpoint(AF.INET, address, port, 0)} ${LINE}\n`;
      });
      const name = numeric ? "192.0.2.1" : "a-name";
      assert.equal(written.join(""), Array.from({ length: 601 }, (_, index) => `${index + 1} ${name}:80 ${LINE}\n`).join(""));
      assert.ok(!numeric || written.length > 1, "in pieces");
    });
  }
}
