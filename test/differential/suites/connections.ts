/**
 * The connection table. A backup synchronisation daemon believes whoever
 * sends to its group, so the table is filled without traffic, by messages as
 * ip_vs_sync.c describes them (version 1, all in network order).
 */
import { spawnSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { AF, IPPROTO } from "../../../src/ipvs/constants";
import { parseDottedQuad, parseIpv6 } from "../../../src/ipvs/address";
import type { Case } from "../cases/case";
import type { Rig } from "../rig";
import { differences, show, type Suite } from "./suite";
import type { Outcome } from "../reference";

const GROUP = "224.0.0.81";
const PORT = 8848;
const SYNC_ID = 7;
const HEADER = 8;
const PER_MESSAGE = 20;
/** IP_VS_CONN_F_MASQ, and IP_VS_CONN_F_TEMPLATE. */
const FLAGS = 0;
const TEMPLATE = 0x1000;
/** What may follow the addresses: IPVS_OPT_PE_DATA and IPVS_OPT_PE_NAME of ip_vs_sync.c. */
const ENGINE_DATA = 2;
const ENGINE_NAME = 3;
/** IP_VS_TCP_S_ESTABLISHED and IP_VS_UDP_S_NORMAL. */
const STATES: Readonly<Record<number, number>> = { [IPPROTO.TCP]: 1, [IPPROTO.UDP]: 0 };
const TIMEOUT = 900;

export interface SyncConnection {
  readonly family: number;
  readonly protocol: number;
  readonly client: string;
  readonly clientPort: number;
  readonly virtual: string;
  readonly virtualPort: number;
  readonly server: string;
  readonly serverPort: number;
  /** A persistence engine, and what it knows the client by: then it is a template, from which connections are made. */
  readonly engine?: { readonly name: string; readonly data: string };
}

const addressBytes = (family: number, text: string): Buffer => {
  if (family === AF.INET6) return Buffer.from(parseIpv6(text) ?? new Uint8Array(16));
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(parseDottedQuad(text) ?? 0);
  return bytes;
};

const option = (type: number, text: string): Buffer => Buffer.concat([Buffer.from([type, text.length]), Buffer.from(text, "latin1")]);

function encode(connection: SyncConnection): Buffer {
  const { family, protocol, client, clientPort, virtual, virtualPort, server, serverPort, engine } = connection;
  const options = engine === undefined ? [] : [option(ENGINE_DATA, engine.data), option(ENGINE_NAME, engine.name)];
  const addresses = [...[client, virtual, server].map((text) => addressBytes(family, text)), ...options];
  const head = Buffer.alloc(24);
  const size = head.length + addresses.reduce((sum, bytes) => sum + bytes.length, 0);
  head.writeUInt8(family === AF.INET6 ? 1 : 0, 0);
  head.writeUInt8(protocol, 1);
  head.writeUInt16BE(size, 2);
  head.writeUInt32BE(engine === undefined ? FLAGS : TEMPLATE, 4);
  head.writeUInt16BE(engine === undefined ? (STATES[protocol] ?? 0) : 0, 8);
  head.writeUInt16BE(clientPort, 10);
  head.writeUInt16BE(virtualPort, 12);
  head.writeUInt16BE(serverPort, 14);
  head.writeUInt32BE(0, 16);
  head.writeUInt32BE(TIMEOUT, 20);
  return Buffer.concat([head, ...addresses]);
}

/** Messages that carry the connections, as a master daemon would send them. */
export function* syncMessages(connections: readonly SyncConnection[]): Generator<Buffer> {
  for (let at = 0; at < connections.length; at += PER_MESSAGE) {
    const some = connections.slice(at, at + PER_MESSAGE).map(encode);
    const header = Buffer.alloc(HEADER);
    header.writeUInt8(SYNC_ID, 1);
    header.writeUInt16BE(HEADER + some.reduce((sum, bytes) => sum + bytes.length, 0), 2);
    header.writeUInt8(some.length, 4);
    header.writeUInt8(1, 5);
    yield Buffer.concat([header, ...some]);
  }
}

/** Sends them within this process's network namespace, to the daemon that listens on loopback. */
export async function sendSync(connections: readonly SyncConnection[]): Promise<void> {
  const socket = createSocket("udp4");
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  socket.setMulticastInterface("127.0.0.1");
  socket.setMulticastLoopback(true);
  let sent = 0;
  for (const message of syncMessages(connections)) {
    await new Promise((resolve) => socket.send(message, PORT, GROUP, resolve));
    if (++sent % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  socket.close();
}

export const SYNC_DAEMON = ["--start-daemon", "backup", "--mcast-interface", "lo", "--syncid", String(SYNC_ID)];

const FEW: SyncConnection[] = [
  ...Array.from({ length: 70 }, (_, index): SyncConnection => ({
    family: AF.INET,
    protocol: index % 3 === 0 ? IPPROTO.UDP : IPPROTO.TCP,
    client: `10.3.${index}.1`,
    clientPort: 1024 + index * 800,
    virtual: "10.0.0.1",
    virtualPort: 80,
    server: `10.1.0.${1 + (index % 2)}`,
    serverPort: 8080,
  })),
  ...Array.from({ length: 10 }, (_, index): SyncConnection => ({
    family: AF.INET6,
    protocol: IPPROTO.TCP,
    client: `2001:db8:3::${index}`,
    clientPort: 2000 + index,
    virtual: "2001:db8::1",
    virtualPort: 443,
    server: "2001:db8:1:2:3:4:5:6",
    serverPort: 443,
  })),
];

/** What a persistence engine knows a client by: its length is what differs. */
const WITH_ENGINE: readonly SyncConnection[] = ["sip", "s".repeat(60), "caf\xe9@example.com"].map((data, index): SyncConnection => ({
  family: AF.INET,
  protocol: IPPROTO.UDP,
  client: `192.168.${index}.255`,
  clientPort: 0,
  virtual: "10.0.0.1",
  virtualPort: 5060,
  server: "10.1.0.1",
  serverPort: 5060,
  engine: { name: "sip", data },
}));

const CASES: readonly Case[] = [
  { words: ["-L", "-n", "-c"] },
  { words: ["-Lnc"] },
  { words: ["-Lc"] },
  { words: ["-L", "-c", "-n", "--persistent-conn"] },
  { words: ["-L", "-c", "-n", "--exact", "--nosort"] },
];

const MOST_TRIES = 100;

const listed = async (rig: Rig): Promise<number> => (await rig.beside.run(["-Lnc"])).stdout.split("\n").length;

/** Time passes between two readings. */
const timeless = (outcome: Outcome): Outcome => ({ ...outcome, stdout: outcome.stdout.replace(/ \d\d:\d\d /g, " mm:ss ") });

export const connections: Suite = {
  name: "connections",
  run: async (rig, report) => {
    await rig.prepare("");
    await rig.beside.run(SYNC_DAEMON);
    for (const { words } of CASES) report.note(`connections: none: ${show(words)}`, differences(await rig.beside.run(words), await rig.subject(words)));
    const all = [...FEW, ...(spawnSync("modprobe", ["-q", "ip_vs_pe_sip"]).status === 0 ? WITH_ENGINE : [])];
    // The daemon starts and reads in its own time: it is told until it has them all.
    for (let tries = 0; tries < MOST_TRIES && (await listed(rig)) < all.length; tries++) {
      await sendSync(all);
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    for (const { words } of CASES) {
      const reference = await rig.beside.run(words);
      const subject = await rig.subject(words);
      const lines = reference.stdout.split("\n").length;
      report.note(`connections: ${show(words)}`, [
        ...differences(timeless(reference), timeless(subject)),
        ...(lines >= all.length ? [] : [`only ${lines} lines of ${all.length} connections: ${reference.stdout.slice(0, 500)}`]),
      ]);
    }
    await rig.beside.run(["--stop-daemon", "backup"]);
  },
};
