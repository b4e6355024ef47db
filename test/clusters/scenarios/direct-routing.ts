/** The tutorial's cluster: the director hands requests on, the real servers answer the client themselves. */
import { setTimeout as pause } from "node:timers/promises";
import { Cluster } from "../cluster";
import { becomeDirector } from "../director";
import { becomeRealServer } from "../real-server";
import type { Scenario, Story } from "../story";
import { serve } from "../web";

const VIP = "192.168.0.38";
const SERVICE = `${VIP}:80`;
const REAL_SERVERS = { heavy: "192.168.0.18", light: "192.168.0.28" };

/** The kernel adds its counters up every two seconds; until then --stats shows the older sum. */
const COUNTED = 2100;

const DRAWING = `
client            director            real-18             real-28
192.168.0.100     192.168.0.8         192.168.0.18        192.168.0.28
                  ${VIP} (VIP)  ${VIP} on lo  ${VIP} on lo
  │                 │                   │                   │
  └─────────────────┴───────── lan ─────┴───────────────────┘`;

const lan = (...addresses: string[]) => ({ eth0: { network: "lan", addresses } });

const build = (): Promise<Cluster> =>
  Cluster.build({
    networks: ["lan"],
    machines: {
      director: { interfaces: lan("192.168.0.8/24") },
      "real-18": { interfaces: lan(`${REAL_SERVERS.heavy}/24`) },
      "real-28": { interfaces: lan(`${REAL_SERVERS.light}/24`) },
      client: { interfaces: lan("192.168.0.100/24") },
    },
  });

/** The cluster up to where requests can be made. */
const setUp = async (story: Story, cluster: Cluster): Promise<void> => {
  const director = cluster.machine("director");
  story.explain("The virtual IP is the director's. The real servers have it too, but must not say so to the network.");
  await becomeDirector(story, director, [VIP], { dev: "eth0", mode: "dr" });
  for (const [name, address] of [["real-18", REAL_SERVERS.heavy], ["real-28", REAL_SERVERS.light]] as const) {
    const machine = cluster.machine(name);
    await becomeRealServer(story, machine, [VIP]);
    await serve(machine, address);
  }

  story.explain("The virtual service: weighted round robin over both servers, direct routing (-g).");
  await story.command(director, "ipvsadm", "-C");
  await story.command(director, "ipvsadm", "-A", "-t", SERVICE, "-s", "wrr");
  await story.command(director, "ipvsadm", "-a", "-t", SERVICE, "-r", `${REAL_SERVERS.heavy}:80`, "-g", "-w", "3");
  await story.command(director, "ipvsadm", "-a", "-t", SERVICE, "-r", `${REAL_SERVERS.light}:80`, "-g", "-w", "1");
};

export const directRouting: Scenario = {
  name: "direct-routing",
  title: "Direct routing: one virtual IP, two web servers, weights 3 and 1",

  async play(story) {
    story.drawing(DRAWING);
    const cluster = await build();
    try {
      const director = cluster.machine("director");
      await setUp(story, cluster);
      await story.command(director, "ipvsadm", "-Ln");

      story.explain("Who answers? Each page is the address of the real server that it came from.");
      const answers = await story.requests(cluster.machine("client"), `http://${VIP}/`, 8);
      story.expect("wrr 3:1", { [REAL_SERVERS.heavy]: 6, [REAL_SERVERS.light]: 2 }, answers);

      story.explain("What the director counted: only what comes in, for the answers went past it. And what it remembers.");
      await pause(COUNTED);
      await story.command(director, "ipvsadm", "-Ln", "--stats");
      await story.command(director, "ipvsadm", "-Lnc");
    } finally {
      await cluster.remove();
    }
  },
};

/** What a shell on the director finds: the cluster, as the scenario has it before the first request. */
export const tutorial = {
  drawing: DRAWING,
  vip: VIP,
  async withCluster(story: Story, work: (cluster: Cluster) => Promise<number>): Promise<number> {
    const cluster = await build();
    try {
      await setUp(story, cluster);
      return await work(cluster);
    } finally {
      await cluster.remove();
    }
  },
};
