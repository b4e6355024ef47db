/** Persistence: clients keep their server, each alone or by networks. */
import { Cluster } from "../cluster";
import { becomeDirector } from "../director";
import { becomeRealServer } from "../real-server";
import type { Scenario } from "../story";
import { serve } from "../web";

const VIP = "192.168.0.38";
const VIP6 = "fd00:192::38";
const SERVERS = [
  { name: "real-18", address: "192.168.0.18", address6: "fd00:192::18" },
  { name: "real-28", address: "192.168.0.28", address6: "fd00:192::28" },
] as const;
/** Two neighbours, and one of another /24 and /80. */
const CLIENTS = {
  anna: { address: "192.168.7.1", address6: "fd00:192::7:0:0:1" },
  bert: { address: "192.168.7.2", address6: "fd00:192::7:0:0:2" },
  carl: { address: "192.168.9.1", address6: "fd00:192::9:0:0:1" },
} as const;

const on = ({ address, address6 }: { address: string; address6: string }) => ({
  interfaces: { eth0: { network: "lan", addresses: [`${address}/16`, `${address6}/64`] } },
});

export const persistence: Scenario = {
  name: "persistence",
  title: "Persistence (-p) and its mask (-M): who keeps a server together",

  async play(story) {
    story.drawing(`
anna            bert            carl            director       real-18        real-28
192.168.7.1     192.168.7.2     192.168.9.1     192.168.0.8    192.168.0.18   192.168.0.28
fd00:192::7:0:0:1               fd00:192::9:0:0:1  ::8         ::18           ::28
  │               │               │               │              │              │
  └───────────────┴───────────────┴───── lan ─────┴──────────────┴──────────────┘
                                       192.168.0.38 and fd00:192::38 are the VIPs`);

    const cluster = await Cluster.build({
      networks: ["lan"],
      machines: {
        anna: on(CLIENTS.anna),
        bert: on(CLIENTS.bert),
        carl: on(CLIENTS.carl),
        director: on({ address: "192.168.0.8", address6: "fd00:192::8" }),
        "real-18": on(SERVERS[0]),
        "real-28": on(SERVERS[1]),
      },
    });
    try {
      const director = cluster.machine("director");
      await becomeDirector(story, director, [VIP, VIP6], { dev: "eth0", mode: "dr" });
      for (const { name } of SERVERS) {
        await becomeRealServer(story, cluster.machine(name), [VIP, VIP6]);
        await serve(cluster.machine(name));
      }
      /** Who answers anna, bert, carl and anna again, three requests each. */
      const visits = async (vip: string): Promise<readonly string[]> => {
        const servers: string[] = [];
        for (const name of ["anna", "bert", "carl", "anna"]) {
          const answers = await story.requests(cluster.machine(name), `http://${vip}/`, 3);
          story.expect(`${name} keeps one server`, { [answers[0] ?? ""]: 3 }, answers);
          servers.push(answers[0] ?? "");
        }
        return servers;
      };
      const judge = (what: string, [anna, bert, carl, again]: readonly string[], together: boolean): void => {
        story.check(`${what}: anna finds her server again`, anna === again && anna !== "", again);
        story.check(`${what}: anna and bert ${together ? "share one" : "have one each"}`, (anna === bert) === together, `${anna}, ${bert}`);
        const last = together ? anna : bert;
        story.check(`${what}: carl gets the other`, carl !== last, `${carl}`);
      };

      story.explain("Persistence for 300 s, for each address alone: round robin counts clients, and no longer their requests.");
      await story.rules(
        director,
        `-A -t ${VIP}:80 -s rr -p 300`,
        ...SERVERS.map(({ address }) => `-a -t ${VIP}:80 -r ${address}:80 -g`),
        `-A -t [${VIP6}]:80 -s rr -p 300`,
        ...SERVERS.map(({ address6 }) => `-a -t [${VIP6}]:80 -r [${address6}]:80 -g`),
      );
      judge("without a mask", await visits(VIP), false);
      judge("without a mask, IPv6", await visits(`[${VIP6}]`), false);
      story.explain("The templates, with port 0, are what remembers them.");
      await story.command(director, "ipvsadm", "-Lnc");

      story.explain("With a mask, clients of one network are one: here a /24, and a prefix of 80 bits for IPv6.");
      await story.rules(
        director,
        "-C",
        `-A -t ${VIP}:80 -s rr -p 300 -M 255.255.255.0`,
        ...SERVERS.map(({ address }) => `-a -t ${VIP}:80 -r ${address}:80 -g`),
        `-A -t [${VIP6}]:80 -s rr -p 300 -M 80`,
        ...SERVERS.map(({ address6 }) => `-a -t [${VIP6}]:80 -r [${address6}]:80 -g`),
      );
      await story.command(director, "ipvsadm", "-Ln");
      judge("-M 255.255.255.0", await visits(VIP), true);
      judge("-M 80, IPv6", await visits(`[${VIP6}]`), true);
    } finally {
      await cluster.remove();
    }
  },
};
