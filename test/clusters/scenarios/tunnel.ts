/** What the scenarios of the three tunnels share: a director here, real servers in another network, behind a router. */
import { Cluster } from "../cluster";
import { becomeDirector } from "../director";
import { becomeRealServer } from "../real-server";
import type { Scenario, Story } from "../story";
import { serve } from "../web";

const VIP = "192.168.0.38";
const VIP6 = "fd00:192::38";
const SERVERS = [
  { name: "real-1", address: "10.0.0.11", address6: "fd00:10::11" },
  { name: "real-2", address: "10.0.0.12", address6: "fd00:10::12" },
] as const;

export interface Tunnel {
  readonly name: string;
  readonly title: string;
  readonly tunnel: "ipip" | "gre" | "gue";
  /** Where GUE goes. */
  readonly port?: number;
  /** Beside -i, for ipvsadm. */
  readonly options: readonly string[];
  /** How the packets travel. */
  readonly how: string;
}

const here = (...addresses: string[]) => ({ eth0: { network: "here", addresses } });
const there = (address: string, address6: string) => ({
  interfaces: { eth0: { network: "there", addresses: [`${address}/24`, `${address6}/64`] } },
  routes: [["default", "via", "10.0.0.254"], ["default", "via", "fd00:10::fe"]],
});
const BACK = [["10.0.0.0/24", "via", "192.168.0.254"], ["fd00:10::/64", "via", "fd00:192::fe"]];

const build = (): Promise<Cluster> =>
  Cluster.build({
    networks: ["here", "there"],
    machines: {
      client: { interfaces: here("192.168.0.100/24", "fd00:192::100/64") },
      director: { interfaces: here("192.168.0.8/24", "fd00:192::8/64"), routes: BACK },
      router: {
        interfaces: {
          ...here("192.168.0.254/24", "fd00:192::fe/64"),
          eth1: { network: "there", addresses: ["10.0.0.254/24", "fd00:10::fe/64"] },
        },
        sysctls: { "net.ipv4.ip_forward": 1, "net.ipv6.conf.all.forwarding": 1 },
      },
      "real-1": there(SERVERS[0].address, SERVERS[0].address6),
      "real-2": there(SERVERS[1].address, SERVERS[1].address6),
    },
  });

const add = async (story: Story, cluster: Cluster, vip: string, servers: readonly string[], options: readonly string[]): Promise<void> => {
  const director = cluster.machine("director");
  await story.command(director, "ipvsadm", "-A", "-t", `${vip}:80`, "-s", "rr");
  for (const server of servers) {
    await story.command(director, "ipvsadm", "-a", "-t", `${vip}:80`, "-r", `${server}:80`, "-i", ...options);
  }
};

export const tunnelScenario = ({ name, title, tunnel, port, options, how }: Tunnel): Scenario => ({
  name,
  title,

  async play(story) {
    story.drawing(`
client            director            router                       real-1          real-2
192.168.0.100     192.168.0.8         192.168.0.254  10.0.0.254    10.0.0.11       10.0.0.12
fd00:192::100     fd00:192::8         fd00:192::fe   fd00:10::fe   fd00:10::11     fd00:10::12
                  192.168.0.38 (VIP)                               the VIPs on     the VIPs on
                  fd00:192::38 (VIP)                               the tunnel      the tunnel
  │                 │                   │              │             │               │
  └─────────────────┴────── here ───────┘              └─── there ───┴───────────────┘`);

    const cluster = await build();
    try {
      const director = cluster.machine("director");
      const client = cluster.machine("client");
      await becomeDirector(story, director, [VIP, VIP6], { dev: "eth0", mode: "tun" });

      story.explain(how);
      for (const { name } of SERVERS) {
        const machine = cluster.machine(name);
        await becomeRealServer(story, machine, [VIP, VIP6], { tunnel, ...(port === undefined ? {} : { port }) });
        await serve(machine);
      }
      await add(story, cluster, VIP, SERVERS.map(({ address }) => address), options);
      await add(story, cluster, `[${VIP6}]`, SERVERS.map(({ address6 }) => `[${address6}]`), options);
      await story.command(director, "ipvsadm", "-Ln", "--tun-info");

      story.explain("The answers go from the servers to the client by the router alone; the director never sees them.");
      story.expect(`IPv4 in ${tunnel}`, { "real-1": 3, "real-2": 3 }, await story.requests(client, `http://${VIP}/`, 6));
      story.expect(`IPv6 in ${tunnel}`, { "real-1": 3, "real-2": 3 }, await story.requests(client, `http://[${VIP6}]/`, 6));
    } finally {
      await cluster.remove();
    }
  },
});
