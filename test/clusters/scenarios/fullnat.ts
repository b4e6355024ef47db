/** FullNAT's effect on a stock kernel: the servers' side sees the director as the client, and needs no route to anyone else. */
import { WANTS_FIREWALL } from "../../lab/kernel";
import { Cluster } from "../cluster";
import { becomeDirector } from "../director";
import type { Scenario } from "../story";
import { CLIENT_PAGE, serve } from "../web";

const VIP = "192.168.0.38";
const VIP6 = "fd00:192::38";
const NET = "10.0.0.0/24";
const NET6 = "fd00:10::/64";
const SERVERS = [
  { name: "real-1", address: "10.0.0.11", address6: "fd00:10::11" },
  { name: "real-2", address: "10.0.0.12", address6: "fd00:10::12" },
] as const;

const inside = (address: string, address6: string) => ({
  interfaces: { eth0: { network: "inside", addresses: [`${address}/24`, `${address6}/64`] } },
});

export const fullnat: Scenario = {
  name: "fullnat",
  title: "FullNAT: client and servers in different networks, and no server has a route to the client",
  not: WANTS_FIREWALL,

  async play(story) {
    story.drawing(`
client            director                      real-1             real-2
192.168.0.100     192.168.0.8       10.0.0.1    10.0.0.11:8080     10.0.0.12:8080
fd00:192::100     fd00:192::8       fd00:10::1  fd00:10::11        fd00:10::12
                  192.168.0.38 (VIP)            no gateway         no gateway
                  fd00:192::38 (VIP)
  │                 │                 │           │                  │
  └──── outside ────┘                 └───────────┴──── inside ──────┘`);

    const outside = (...addresses: string[]) => ({ eth0: { network: "outside", addresses } });
    const cluster = await Cluster.build({
      networks: ["outside", "inside"],
      machines: {
        client: { interfaces: outside("192.168.0.100/24", "fd00:192::100/64") },
        director: {
          interfaces: {
            ...outside("192.168.0.8/24", "fd00:192::8/64"),
            eth1: { network: "inside", addresses: ["10.0.0.1/24", "fd00:10::1/64"] },
          },
        },
        "real-1": inside(SERVERS[0].address, SERVERS[0].address6),
        "real-2": inside(SERVERS[1].address, SERVERS[1].address6),
      },
    });
    try {
      const director = cluster.machine("director");
      const client = cluster.machine("client");
      for (const { name } of SERVERS) await serve(cluster.machine(name), name, 8080);
      story.explain("The servers reach their own network, and nothing else.");
      await story.command(cluster.machine("real-1"), "ip", "route");

      await story.rules(
        director,
        `-A -t ${VIP}:80 -s rr`,
        ...SERVERS.map(({ address }) => `-a -t ${VIP}:80 -r ${address}:8080 -m`),
        `-A -t [${VIP6}]:80 -s rr`,
        ...SERVERS.map(({ address6 }) => `-a -t [${VIP6}]:80 -r [${address6}]:8080 -m`),
      );
      await story.command(director, "ipvsadm", "-Ln");

      story.explain("Plain NAT is not enough here: requests arrive with the client's address, and the answers find no way.");
      await becomeDirector(story, director, [VIP, VIP6], { dev: "eth0", mode: "nat" });
      story.expect("NAT alone", { "": 2 }, await story.requests(client, `http://${VIP}/`, 2, { patience: 2 }));

      story.explain(
        "FullNAT: what IPVS sends to the servers gets the director's own address as its source. IPVS has to hand its connections to conntrack for that.",
      );
      await story.command(director, "lvs-director", "stop", "--all");
      await becomeDirector(story, director, [VIP, VIP6], { dev: "eth0", mode: "fullnat", serverNets: [NET, NET6] });
      story.expect("FullNAT", { "real-1": 3, "real-2": 3 }, await story.requests(client, `http://${VIP}/`, 6));
      story.expect("FullNAT over IPv6", { "real-1": 3, "real-2": 3 }, await story.requests(client, `http://[${VIP6}]/`, 6));

      story.explain("Who asks, as the servers see it? The director: the price is that the client's address is gone.");
      const seen = async (host: string): Promise<string> =>
        (await story.command(client, "curl", "--silent", "--max-time", "60", `http://${host}/${CLIENT_PAGE}`)).trim();
      const [four, six] = [await seen(VIP), await seen(`[${VIP6}]`)];
      story.check("the servers see the director", four === "10.0.0.1" && six === "fd00:10::1", `${four}, ${six}`);
    } finally {
      await cluster.remove();
    }
  },
};
