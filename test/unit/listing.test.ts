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
import { eachEntry } from "../../src/views/each-entry";
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
  test(`no entry of a table is left out${prompt ? "" : ", where it is waited for"}`, async () => {
    const socket = new ScriptedSocket(replay(LINUX_6_1.family), ...SERVICES.map(({ port }) => oneServer(port + 5_000)));
    socket.prompt = prompt;
    const reader = new TableReader(await IpvsClient.open(new Connection(socket)), SERVICES, { sorted: false, stats: "none", brief: false });
    const entries: number[][] = [];
    for (let entry = await reader.next(); entry !== undefined; entry = await reader.next()) {
      entries.push([entry.service.port, ...entry.servers.map(({ port }) => port)]);
    }
    assert.deepEqual(entries, SERVICES.map(({ port }) => [port, port + 5_000]));
    assert.equal(await reader.next(), undefined);
    socket.finish();
  });
}

for (const numeric of [true, false]) {
  for (const later of [false, true]) {
    test(`each entry of a table is used once, ${numeric ? "by numbers" : "by names"}${later ? ", where it is waited for" : ""}`, async () => {
      const ports = Array.from({ length: 601 }, (_, index) => index + 1);
      const left = [...ports];
      const found = { ...server(), active: 0, inactive: 0, persistent: 0 };
      const table = {
        next: (): Soon<TableEntry | undefined> => {
          const port = left.shift();
          if (port === undefined) return undefined;
          // The same object for each, as /proc's are.
          found.port = port;
          const entry = { service: service({ ...at("192.0.2.1"), port }), servers: [found] };
          return later && port % 7 === 0 ? Promise.resolve(entry) : entry;
        },
      };
      const names = {
        patience: 0,
        hostAddress: async () => undefined,
        hostNames: async () => new Map([["192.0.2.1", "a-name"]]),
        servicePort: () => undefined,
        serviceName: () => undefined,
      };
      const used: string[] = [];
      await eachEntry(table, numeric, names, ({ service: { address, port }, servers }, naming) => {
        used.push(`${naming.endpoint(AF.INET, address, port, 0)} ${servers.map((server) => server.port).join()}`);
      });
      const name = numeric ? "192.0.2.1" : "a-name";
      assert.deepEqual(used, ports.map((port) => `${name}:${port} ${port}`));
    });
  }
}
