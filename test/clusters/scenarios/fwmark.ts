/** A firewall mark makes one service of two ports. */
import { WANTS_FIREWALL } from "../../lab/kernel";
import { Cluster } from "../cluster";
import { becomeDirector } from "../director";
import { IP6TABLES, IPTABLES } from "../firewall";
import { becomeRealServer } from "../real-server";
import type { Answers, Scenario } from "../story";
import { serve } from "../web";

const VIP = "192.168.0.38";
const VIP6 = "fd00:192::38";
const SERVERS = [
  { name: "real-18", address: "192.168.0.18", address6: "fd00:192::18" },
  { name: "real-28", address: "192.168.0.28", address6: "fd00:192::28" },
] as const;

const on = (address: string, address6: string) => ({
  interfaces: { eth0: { network: "lan", addresses: [`${address}/24`, `${address6}/64`] } },
});

export const fwmark: Scenario = {
  name: "fwmark",
  title: "A firewall mark: ports 80 and 443 as one service, so that a client has one server for both",
  not: WANTS_FIREWALL,

  async play(story) {
    story.drawing(`
client-1        client-2        director            real-18             real-28
192.168.0.101   192.168.0.102   192.168.0.8         192.168.0.18        192.168.0.28
fd00:192::101   fd00:192::102   fd00:192::8         fd00:192::18        fd00:192::28
                                the VIPs            the VIPs on lo      the VIPs on lo
  │               │               │                   │                   │
  └───────────────┴────── lan ────┴───────────────────┴───────────────────┘
                  192.168.0.38 and fd00:192::38 are the VIPs; both servers serve ports 80 and 443`);

    const cluster = await Cluster.build({
      networks: ["lan"],
      machines: {
        "client-1": on("192.168.0.101", "fd00:192::101"),
        "client-2": on("192.168.0.102", "fd00:192::102"),
        director: on("192.168.0.8", "fd00:192::8"),
        "real-18": on(SERVERS[0].address, SERVERS[0].address6),
        "real-28": on(SERVERS[1].address, SERVERS[1].address6),
      },
    });
    try {
      const director = cluster.machine("director");
      const [one, two] = [cluster.machine("client-1"), cluster.machine("client-2")];
      await becomeDirector(story, director, [VIP, VIP6], { dev: "eth0", mode: "dr" });
      for (const { name } of SERVERS) {
        await becomeRealServer(story, cluster.machine(name), [VIP, VIP6]);
        await serve(cluster.machine(name), name, 80);
        // What is said there matters to no balancer: plain HTTP.
        await serve(cluster.machine(name), name, 443);
      }
      const ask = async (client: typeof one, vip: string, port: number, count = 2): Promise<Answers> => {
        const answers = await story.requests(client, `http://${vip}:${port}/`, count);
        return answers;
      };

      story.explain("Two services, each persistent: each remembers for itself, and knows nothing of the other.");
      await story.rules(
        director,
        ...[80, 443].flatMap((port) => [
          `-A -t ${VIP}:${port} -s rr -p 300`,
          ...SERVERS.map(({ address }) => `-a -t ${VIP}:${port} -r ${address}:${port} -g`),
        ]),
      );
      story.explain("client-2 comes first to port 80. So client-1 is the second there, and the first at port 443.");
      const early = await ask(two, VIP, 80, 1);
      const [plain, secure] = [await ask(one, VIP, 80), await ask(one, VIP, 443)];
      const first = early[0] ?? "";
      const other = SERVERS.find(({ name }) => name !== first)?.name ?? "";
      story.expect("without the mark: client-1 at port 80", { [other]: 2 }, plain);
      story.expect("without the mark: client-1 at port 443, another server", { [first]: 2 }, secure);

      story.explain("The mark: the firewall says which packets belong together, and the service is the mark.");
      await story.command(director, "ipvsadm", "-C");
      for (const [tables, vip] of [[IPTABLES, VIP], [IP6TABLES, VIP6]] as const) {
        const rule = ["-d", vip, "-p", "tcp", "-m", "multiport", "--dports", "80,443", "-j", "MARK", "--set-mark", "6666"];
        await story.command(director, tables, "-t", "mangle", "-A", "PREROUTING", ...rule);
      }

      story.explain("The mark alone is one service for both ports: round robin counts them together, so a client that asks both gets two servers.");
      await story.rules(director, "-A -f 6666 -s rr", ...SERVERS.map(({ address }) => `-a -f 6666 -r ${address} -g`));
      const grouped: string[] = [];
      for (const port of [80, 443, 80, 443]) grouped.push(...(await ask(one, VIP, port, 1)));
      const [a = "", b = ""] = grouped;
      story.check("two servers", a !== b, `${a}, ${b}`);
      story.expect("the mark without persistence: 80, 443, 80, 443", [a, b, a, b], grouped);

      story.explain("The mark and persistence: a client has one server for both ports, over IPv6 as well.");
      await story.rules(
        director,
        "-E -f 6666 -s rr -p 300",
        "-A -f 6666 -6 -s rr -p 300",
        ...SERVERS.map(({ address6 }) => `-a -f 6666 -6 -r ${address6} -g`),
      );
      await story.command(director, "ipvsadm", "-Ln");
      for (const vip of [VIP, `[${VIP6}]`]) {
        const both = async (client: typeof one): Promise<Answers> => [...(await ask(client, vip, 80)), ...(await ask(client, vip, 443))];
        const [mine, yours] = [await both(one), await both(two)];
        story.expect(`mark and persistence, ${vip}: client-1 at both ports`, { [mine[0] ?? ""]: 4 }, mine);
        story.expect(`mark and persistence, ${vip}: client-2 at both ports`, { [yours[0] ?? ""]: 4 }, yours);
        story.check(`${vip}: the two clients have a server each`, mine[0] !== yours[0], `${mine[0]}, ${yours[0]}`);
      }
    } finally {
      await cluster.remove();
    }
  },
};
