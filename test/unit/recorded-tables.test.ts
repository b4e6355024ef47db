/** What real kernels answered, as the model: every field of every kind of service, server and daemon. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { IpvsClient } from "../../src/ipvs/client";
import { AF, FWD, IPPROTO, SVC_F, TUNNEL, TUNNEL_F } from "../../src/ipvs/constants";
import type { ListedServer, ListedService, Stats } from "../../src/ipvs/model";
import { Connection } from "../../src/netlink/connection";
import { compareServers, compareServices, mergeSort } from "../../src/ipvs/order";
import type { Exchange, Recording } from "./recorded/exchange";
import { LINUX_6_1, LINUX_6_12, runOf } from "./recorded/kernels";
import { at, daemon, marked, server, service, stats } from "./sample";
import { replay, ScriptedSocket } from "./scripted-socket";

const { HASHED, ONEPACKET, PERSISTENT, SCHED1, SCHED2, SCHED3 } = SVC_F;

interface Row {
  readonly service: ListedService;
  readonly servers: readonly ListedServer[];
}

const listed = (differences: Partial<ListedServer>): ListedServer => ({
  ...server(),
  active: 0,
  inactive: 0,
  persistent: 0,
  stats: stats(),
  ...differences,
});

const row = (found: ListedService, ...servers: ListedServer[]): Row => ({ service: { stats: stats(), ...found }, servers });

const counted = (connections: bigint, inPackets: bigint, outPackets: bigint, inBytes: bigint, outBytes: bigint): Stats =>
  ({ connections, inPackets, outPackets, inBytes, outBytes });

/** In the order in which ipvsadm asks for the servers. The busy service's counters are each recording's own. */
const table = (busyService: Stats, busyServer: Stats): readonly Row[] => [
  row(marked(0xffffffff, { scheduler: "nq", flags: HASHED | SCHED1 | SCHED3 })),
  row(
    service({ scheduler: "wrr", flags: HASHED | PERSISTENT, timeout: 300, netmask: 0xffffff00 }),
    listed({ ...at("10.0.0.1"), port: 8080, forwarding: FWD.MASQ, weight: 65535, upper: 1000, lower: 900 }),
    listed({ ...at("10.0.0.2"), weight: 0 }),
    listed({ ...at("10.0.0.3"), forwarding: FWD.TUNNEL }),
    listed({ ...at("10.0.0.4"), forwarding: FWD.TUNNEL, tunnelType: TUNNEL.GUE, tunnelPort: 6080, tunnelFlags: TUNNEL_F.REMCSUM }),
    listed({ ...at("10.0.0.5"), forwarding: FWD.TUNNEL, tunnelType: TUNNEL.GRE, tunnelFlags: TUNNEL_F.CSUM }),
    listed({ ...at("2001:db8::f"), forwarding: FWD.TUNNEL, tunnelType: TUNNEL.GUE, tunnelPort: 6081, tunnelFlags: TUNNEL_F.NOCSUM }),
  ),
  row(service({ port: 443, scheduler: "sh", flags: HASHED | SCHED1 | SCHED2 })),
  row(
    { ...service({ ...at("198.51.100.1"), scheduler: "rr", flags: HASHED }), stats: busyService },
    listed({ ...at("127.0.0.1"), port: 81, forwarding: FWD.MASQ, inactive: 3, stats: busyServer }),
  ),
  row(service({ ...at("192.0.2.2"), protocol: IPPROTO.UDP, port: 53, scheduler: "mh", flags: HASHED | ONEPACKET | SCHED2 })),
  row(
    service({
      ...at("192.0.2.2"),
      protocol: IPPROTO.UDP,
      port: 5060,
      scheduler: "mh",
      flags: HASHED | PERSISTENT | ONEPACKET | SCHED2,
      timeout: 70,
      netmask: 0xffff0000,
      engine: "sip",
    }),
  ),
  row(service({ ...at("192.0.2.3"), protocol: IPPROTO.SCTP, port: 9, flags: HASHED })),
  row(
    service({ ...at("2001:db8::1"), port: 443, scheduler: "lc", flags: HASHED | PERSISTENT, timeout: 90, netmask: 64 }),
    listed({ ...at("2001:db8::2"), port: 8443, forwarding: FWD.MASQ, weight: 3 }),
  ),
  row(
    marked(7, { family: AF.INET6, scheduler: "lblc", flags: HASHED | PERSISTENT, timeout: 360, netmask: 48 }),
    listed({ ...at("2001:db8::3"), port: 0 }),
  ),
];

const KERNELS: readonly { recording: Recording; rows: Readonly<Record<"totals" | "rates", readonly Row[]>> }[] = [
  {
    recording: LINUX_6_1,
    rows: {
      totals: table(counted(3n, 19n, 17n, 1264n, 1463n), counted(3n, 19n, 17n, 1264n, 1463n)),
      rates: table(counted(0n, 2n, 2n, 118n, 137n), counted(0n, 2n, 2n, 118n, 137n)),
    },
  },
  {
    recording: LINUX_6_12,
    rows: {
      totals: table(counted(3n, 18n, 18n, 1212n, 1515n), counted(3n, 18n, 18n, 1212n, 1515n)),
      rates: table(counted(0n, 1n, 1n, 95n, 118n), counted(0n, 1n, 1n, 71n, 89n)),
    },
  },
];

/** The client of a kernel that answers as it did when it was recorded. */
async function clientOf(recording: Recording, exchanges: readonly Exchange[]): Promise<IpvsClient> {
  return IpvsClient.open(new Connection(new ScriptedSocket(replay(recording.family), ...exchanges.map(replay))));
}

for (const { recording, rows } of KERNELS) {
  const { kernel } = recording;

  for (const counters of ["totals", "rates"] as const) {
    test(`${kernel}: services and servers, with their ${counters}`, async () => {
      const client = await clientOf(recording, runOf(recording, "ipvsadm -L -n --stats --exact").exchanges);
      const services = mergeSort(await client.services({ stats: counters }), compareServices);
      assert.deepEqual(services, rows[counters].map((row) => row.service));
      for (const row of rows[counters]) {
        const servers = mergeSort(await client.servers(row.service, { stats: counters }), compareServers);
        assert.deepEqual(servers, row.servers);
      }
    });
  }

  test(`${kernel}: one service, without its counters`, async () => {
    const client = await clientOf(recording, runOf(recording, "ipvsadm -L -n -t 192.0.2.1:80").exchanges);
    const { stats: _, ...expected } = rows.totals[1]!.service;
    assert.deepEqual(await client.service(expected, { stats: "none" }), expected);
  });

  test(`${kernel}: daemons`, async () => {
    const client = await clientOf(recording, runOf(recording, "ipvsadm -L --daemon").exchanges);
    assert.deepEqual(await client.daemons(), [
      daemon({ interface: "lo", syncId: 7, maxLength: 1400, group: at("224.0.0.99"), port: 8899, ttl: 3 }),
      daemon({ role: "backup", interface: "lo", syncId: 9, maxLength: 65487, group: at("ff02::99"), port: 8848, ttl: 1 }),
    ]);
  });

  test(`${kernel}: timeouts`, async () => {
    const client = await clientOf(recording, runOf(recording, "ipvsadm -L --timeout").exchanges);
    assert.deepEqual(await client.timeouts(), { tcp: 100, tcpFin: 120, udp: 30 });
  });

  test(`${kernel}: version and size of the connection table`, async () => {
    const client = await clientOf(recording, [recording.info]);
    assert.deepEqual(await client.info(), { version: 0x010201, tableSize: 4096 });
  });
}
