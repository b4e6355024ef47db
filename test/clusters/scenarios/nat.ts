/** The director translates: requests to the servers' addresses and port, answers back to the virtual one. */
import { Cluster } from "../cluster";
import { becomeDirector } from "../director";
import type { Scenario } from "../story";
import { CLIENT_PAGE, serve } from "../web";

const VIP = "192.168.0.38";
const VIP6 = "fd00:192::38";
const SERVERS = [
  { name: "real-1", address: "10.0.0.11", address6: "fd00:10::11", weight: 2 },
  { name: "real-2", address: "10.0.0.12", address6: "fd00:10::12", weight: 1 },
] as const;
const ROUTER = "10.0.0.1";
const ROUTER6 = "fd00:10::1";

const inside = ({ address, address6 }: { address: string; address6: string }) => ({
  interfaces: { eth0: { network: "inside", addresses: [`${address}/24`, `${address6}/64`] } },
  routes: [["default", "via", ROUTER], ["default", "via", ROUTER6]],
});

export const nat: Scenario = {
  name: "nat",
  title: "NAT: the real servers' gateway is the director, which maps port 80 to 8080, over IPv4 and IPv6",

  async play(story) {
    story.drawing(`
client            director                      real-1 (weight 2)  real-2 (weight 1)
192.168.0.100     192.168.0.8       10.0.0.1    10.0.0.11:8080     10.0.0.12:8080
fd00:192::100     fd00:192::8       fd00:10::1  fd00:10::11        fd00:10::12
                  192.168.0.38 (VIP)
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
            eth1: { network: "inside", addresses: [`${ROUTER}/24`, `${ROUTER6}/64`] },
          },
        },
        "real-1": inside(SERVERS[0]),
        "real-2": inside(SERVERS[1]),
      },
    });
    try {
      const director = cluster.machine("director");
      const client = cluster.machine("client");
      for (const { name } of SERVERS) await serve(cluster.machine(name), name, 8080);

      story.explain("The director has the virtual addresses, and forwards between its two networks.");
      await becomeDirector(story, director, [VIP, VIP6], { dev: "eth0", mode: "nat" });

      story.explain("Masquerading (-m) is the only method that may change the port. The servers know nothing of all this.");
      await story.command(director, "ipvsadm", "-A", "-t", `${VIP}:80`, "-s", "wrr");
      for (const { address, weight } of SERVERS) {
        await story.command(director, "ipvsadm", "-a", "-t", `${VIP}:80`, "-r", `${address}:8080`, "-m", "-w", String(weight));
      }
      await story.rules(
        director,
        `-A -t [${VIP6}]:80 -s wrr`,
        ...SERVERS.map(({ address6, weight }) => `-a -t [${VIP6}]:80 -r [${address6}]:8080 -m -w ${weight}`),
      );
      await story.command(director, "ipvsadm", "-Ln");

      story.explain("Two of three answers come from the server with weight 2.");
      story.expect("wrr 2:1, port 80 to 8080", { "real-1": 4, "real-2": 2 }, await story.requests(client, `http://${VIP}/`, 6));
      story.expect("the same over IPv6", { "real-1": 4, "real-2": 2 }, await story.requests(client, `http://[${VIP6}]/`, 6));
      await story.command(director, "ipvsadm", "-Lnc");

      story.explain("The servers see the client's own address: only the destination is translated on the way in.");
      const seen = (await story.command(client, "curl", "--silent", "--max-time", "60", `http://${VIP}/${CLIENT_PAGE}`)).trim();
      story.check("a server sees the client's address", seen === "192.168.0.100", seen);

      story.explain(
        "So the answer has to pass the director, to be translated back: without the director as its gateway a server answers nobody.",
      );
      const [first, second] = SERVERS;
      await story.command(cluster.machine(first.name), "ip", "route", "del", "default");
      const answers = await story.requests(client, `http://${VIP}/`, 3, { patience: 10 });
      story.expect("real-1 without its gateway", { "": 2, [second.name]: 1 }, answers);
      await story.command(cluster.machine(first.name), "ip", "route", "add", "default", "via", ROUTER);
      story.expect("and with it again", { "real-1": 4, "real-2": 2 }, await story.requests(client, `http://${VIP}/`, 6));
    } finally {
      await cluster.remove();
    }
  },
};
