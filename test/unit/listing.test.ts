import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { IpvsClient } from "../../src/ipvs/client";
import { packServerKey } from "../../src/ipvs/codec";
import { AF } from "../../src/ipvs/constants";
import { type TableEntry, TableReader } from "../../src/ipvs/listing";
import type { ServiceKey } from "../../src/ipvs/model";
import { ProcTable } from "../../src/ipvs/proc-table";
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

/** Two servers in the kernel's order, of ports that follow from the service's. */
const lines = (port: number): string =>
  [port + 2, port + 1].map((port) => `  -> 0A000001:${port.toString(16).padStart(4, "0")}      Masq    1      0          0         \n`).join("");
const serviceLine = (port: number): string => `TCP  C0000201:${port.toString(16).padStart(4, "0")} wlc \n`;

for (const later of [false, true]) {
  test(`property: what /proc lacks, or says strangely, is asked for, and no more${later ? ", where it is waited for" : ""}`, async () => {
    const kinds = fc.array(fc.constantFrom("there", "lacking", "strange"), { minLength: 2, maxLength: 100, size: "max" });
    await fc.assert(
      fc.asyncProperty(kinds, async (kinds) => {
        const services = kinds.map((_, index) => service({ port: 10 * (index + 1) }));
        const text = services.map(({ port }, index) => (kinds[index] === "lacking" ? "" : serviceLine(port) + (kinds[index] === "strange" ? "  -> ?\n" : "") + lines(port))).join("");
        const asked: number[] = [];
        const ipvs = {
          serversOf: (services: readonly ServiceKey[]) => {
            asked.push(...services.map(({ port }) => port));
            const found = services.map(({ port }) => [port + 4, port + 3].map((port) => ({ ...server({ port }), active: 0, inactive: 0, persistent: 0 })));
            return later ? Promise.resolve(found) : found;
          },
        };
        // Sorted, they come the other way round: their ports go down in the kernel's order.
        const reader = new TableReader(ipvs, [...services].reverse(), { sorted: true, stats: "none", brief: true }, (list) => new ProcTable(Buffer.from(text.split(/(?=TCP)/).reverse().join("")), list));
        const found: number[][] = [];
        for (let entry = await reader.next(); entry !== undefined; entry = await reader.next()) found.push([entry.service.port, ...entry.servers.map(({ port }) => port)]);
        assert.deepEqual(found, services.map(({ port }, index) => [port, ...(kinds[index] === "there" ? [port + 1, port + 2] : [port + 3, port + 4])]));
        assert.deepEqual(asked, services.filter((_, index) => kinds[index] !== "there").map(({ port }) => port));
      }),
    );
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
