/** Direct routing over IPv6, and over both families at once. */
import { Cluster } from "../cluster";
import { becomeDirector } from "../director";
import { becomeRealServer } from "../real-server";
import type { Scenario } from "../story";
import { serve } from "../web";

const VIP = "fd00:192::38";
const VIP4 = "192.168.0.38";
const SERVERS = [
  { name: "real-18", address: "fd00:192::18", address4: "192.168.0.18" },
  { name: "real-28", address: "fd00:192::28", address4: "192.168.0.28" },
] as const;

const on = (...addresses: string[]) => ({ interfaces: { eth0: { network: "lan", addresses } } });

export const directRouting6: Scenario = {
  name: "dr-6",
  title: "Direct routing with IPv6: virtual addresses of both families on the same servers",

  async play(story) {
    story.drawing(`
client            director            real-18             real-28
fd00:192::100     fd00:192::8         fd00:192::18        fd00:192::28
192.168.0.100     192.168.0.8         192.168.0.18        192.168.0.28
                  fd00:192::38 (VIP)  the VIPs on lo      the VIPs on lo
                  192.168.0.38 (VIP)
  │                 │                   │                   │
  └─────────────────┴───────── lan ─────┴───────────────────┘`);

    const cluster = await Cluster.build({
      networks: ["lan"],
      machines: {
        client: on("fd00:192::100/64", "192.168.0.100/24"),
        director: on("fd00:192::8/64", "192.168.0.8/24"),
        "real-18": on(`${SERVERS[0].address}/64`, `${SERVERS[0].address4}/24`),
        "real-28": on(`${SERVERS[1].address}/64`, `${SERVERS[1].address4}/24`),
      },
    });
    try {
      const director = cluster.machine("director");
      const client = cluster.machine("client");
      await becomeDirector(story, director, [VIP, VIP4], { dev: "eth0", mode: "dr" });

      story.explain(
        "On lo, IPv6 needs no arp_ignore: a neighbour is told only of addresses on the interface that the question came in by.",
      );
      for (const { name } of SERVERS) {
        await becomeRealServer(story, cluster.machine(name), [VIP, VIP4]);
        await serve(cluster.machine(name));
      }
      await story.command(director, "ipvsadm", "-A", "-t", `[${VIP}]:80`, "-s", "rr");
      for (const { address } of SERVERS) {
        await story.command(director, "ipvsadm", "-a", "-t", `[${VIP}]:80`, "-r", `[${address}]:80`, "-g");
      }
      await story.rules(
        director,
        `-A -t ${VIP4}:80 -s rr`,
        ...SERVERS.map(({ address4 }) => `-a -t ${VIP4}:80 -r ${address4}:80 -g`),
      );
      await story.command(director, "ipvsadm", "-Ln");

      const answers = await story.requests(client, `http://[${VIP}]/`, 6);
      story.expect("rr over IPv6", { "real-18": 3, "real-28": 3 }, answers);
      story.check("in turn", answers.every((server, index) => server !== answers[index + 1]));
      story.expect("rr over IPv4", { "real-18": 3, "real-28": 3 }, await story.requests(client, `http://${VIP4}/`, 6));

      story.explain("Whose hardware address does the client have for the VIPs? The director's, and no real server's.");
      const link = await story.command(director, "ip", "link", "show", "eth0");
      const neighbours = await story.command(client, "ip", "neighbour", "show");
      const mac = /link\/ether (\S+)/.exec(link)?.[1];
      const of = (vip: string): string => new RegExp(`^${vip} .*lladdr (\\S+)`, "m").exec(neighbours)?.[1] ?? "nobody's";
      story.check(`${VIP} is the director's`, of(VIP) === mac, of(VIP));
      story.check(`${VIP4} is the director's`, of(VIP4) === mac, of(VIP4));
    } finally {
      await cluster.remove();
    }
  },
};
