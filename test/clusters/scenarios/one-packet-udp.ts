/** One-packet scheduling: each datagram is balanced for itself. */
import { Cluster } from "../cluster";
import { askByDatagrams, serveDatagrams } from "../datagrams";
import { becomeDirector } from "../director";
import { becomeRealServer } from "../real-server";
import type { Scenario } from "../story";

const VIP = "192.168.0.38";
const VIP6 = "fd00:192::38";
const PORT = 53;
const SERVERS = [
  { name: "real-18", address: "192.168.0.18", address6: "fd00:192::18" },
  { name: "real-28", address: "192.168.0.28", address6: "fd00:192::28" },
] as const;
const COUNT = 20;

const on = (address: string, address6: string) => ({
  interfaces: { eth0: { network: "lan", addresses: [`${address}/24`, `${address6}/64`] } },
});

export const onePacketUdp: Scenario = {
  name: "one-packet-udp",
  title: "One-packet UDP (-o): datagrams of one client port, spread over the servers",

  async play(story) {
    story.drawing(`
client            director            real-18             real-28
192.168.0.100     192.168.0.8         192.168.0.18        192.168.0.28
fd00:192::100     fd00:192::8         fd00:192::18        fd00:192::28
                  the VIPs            the VIPs on lo      the VIPs on lo
  │                 │                   │                   │
  └─────────────────┴───────── lan ─────┴───────────────────┘
       192.168.0.38 and fd00:192::38 are the VIPs; the servers answer on UDP port 53`);

    const cluster = await Cluster.build({
      networks: ["lan"],
      machines: {
        client: on("192.168.0.100", "fd00:192::100"),
        director: on("192.168.0.8", "fd00:192::8"),
        "real-18": on(SERVERS[0].address, SERVERS[0].address6),
        "real-28": on(SERVERS[1].address, SERVERS[1].address6),
      },
    });
    try {
      const director = cluster.machine("director");
      const client = cluster.machine("client");
      await becomeDirector(story, director, [VIP, VIP6], { dev: "eth0", mode: "dr" });
      for (const { name } of SERVERS) {
        await becomeRealServer(story, cluster.machine(name), [VIP, VIP6]);
        await serveDatagrams(cluster.machine(name), PORT, [VIP, VIP6]);
      }

      story.explain("Without -o, datagrams from one port to another are a connection for 300 s, and stick to a server.");
      await story.command(director, "ipvsadm", "-A", "-u", `${VIP}:${PORT}`, "-s", "rr");
      for (const { address } of SERVERS) {
        await story.command(director, "ipvsadm", "-a", "-u", `${VIP}:${PORT}`, "-r", `${address}:${PORT}`, "-g");
      }
      const stuck = await askByDatagrams(story, client, VIP, PORT, COUNT);
      story.expect("without -o", { [stuck[0] ?? ""]: COUNT }, stuck);
      await story.command(director, "ipvsadm", "-Lnc");

      story.explain("With -o, each is a connection of its own, forgotten at once: for DNS, and what else asks from one port all day.");
      await story.command(director, "ipvsadm", "-E", "-u", `${VIP}:${PORT}`, "-s", "rr", "-o");
      await story.rules(
        director,
        `-A -u [${VIP6}]:${PORT} -s rr -o`,
        ...SERVERS.map(({ address6 }) => `-a -u [${VIP6}]:${PORT} -r [${address6}]:${PORT} -g`),
      );
      await story.command(director, "ipvsadm", "-Ln");
      const even = { "real-18": COUNT / 2, "real-28": COUNT / 2 };
      story.expect("with -o", even, await askByDatagrams(story, client, VIP, PORT, COUNT));
      story.expect("with -o, IPv6", even, await askByDatagrams(story, client, VIP6, PORT, COUNT));
      await story.command(director, "ipvsadm", "-Lnc");
    } finally {
      await cluster.remove();
    }
  },
};
