/** The tutorial's cluster: the director hands requests on, the real servers answer the client themselves. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Cluster, type Machine } from "../cluster";
import type { Scenario } from "../scenario";

const VIP = "192.168.0.38";
const SERVICE = `${VIP}:80`;
const REAL_SERVERS = { heavy: "192.168.0.18", light: "192.168.0.28" };

/** The kernel adds its counters up every two seconds; until then --stats shows the older sum. */
const COUNTED = 2100;

const lan = (...addresses: string[]) => ({ eth0: { network: "lan", addresses } });

/** A web server whose only page is the server's address. */
const serveItsAddress = async (machine: Machine, address: string, folder: string): Promise<void> => {
  const root = mkdtempSync(join(folder, "www-"));
  writeFileSync(join(root, "index.html"), `${address}\n`);
  await machine.start(["busybox", "httpd", "-f", "-p", "80", "-h", root]).listening(80);
};

export const directRouting: Scenario = {
  title: "Direct routing: one virtual IP, two web servers, weights 3 and 1",

  async play(story) {
    story.drawing(`
client            director            real-18             real-28
192.168.0.100     192.168.0.8         192.168.0.18        192.168.0.28
                  ${VIP} (VIP)  ${VIP} on lo  ${VIP} on lo
  │                 │                   │                   │
  └─────────────────┴───────── lan ─────┴───────────────────┘`);

    const folder = mkdtempSync(join(tmpdir(), "direct-routing-"));
    const cluster = await Cluster.build({
      networks: ["lan"],
      machines: {
        director: { interfaces: lan("192.168.0.8/24") },
        "real-18": { interfaces: lan(`${REAL_SERVERS.heavy}/24`) },
        "real-28": { interfaces: lan(`${REAL_SERVERS.light}/24`) },
        client: { interfaces: lan("192.168.0.100/24") },
      },
    });
    try {
      const director = cluster.machine("director");
      const heavy = cluster.machine("real-18");
      const light = cluster.machine("real-28");
      const client = cluster.machine("client");

      story.explain("The virtual IP is the director's. The real servers have it too, but must not say so to the network.");
      await story.command(director, "ip", "address", "add", `${VIP}/32`, "dev", "eth0");
      for (const machine of [heavy, light]) {
        await story.command(machine, "sysctl", "-w", "net.ipv4.conf.all.arp_ignore=1", "net.ipv4.conf.all.arp_announce=2");
        await story.command(machine, "ip", "address", "add", `${VIP}/32`, "dev", "lo");
      }
      await serveItsAddress(heavy, REAL_SERVERS.heavy, folder);
      await serveItsAddress(light, REAL_SERVERS.light, folder);

      story.explain("The virtual service: weighted round robin over both servers, direct routing (-g).");
      await story.command(director, "ipvsadm", "-C");
      await story.command(director, "ipvsadm", "-A", "-t", SERVICE, "-s", "wrr");
      await story.command(director, "ipvsadm", "-a", "-t", SERVICE, "-r", `${REAL_SERVERS.heavy}:80`, "-g", "-w", "3");
      await story.command(director, "ipvsadm", "-a", "-t", SERVICE, "-r", `${REAL_SERVERS.light}:80`, "-g", "-w", "1");
      await story.command(director, "ipvsadm", "-Ln");

      story.explain("Who answers? Each page is the address of the real server that it came from.");
      const answers = await story.requests(client, `http://${VIP}/`, 8);
      story.expect({ [REAL_SERVERS.heavy]: 6, [REAL_SERVERS.light]: 2 }, answers);

      story.explain("What the director counted: only what comes in, for the answers went past it. And what it remembers.");
      await pause(COUNTED);
      await story.command(director, "ipvsadm", "-Ln", "--stats");
      await story.command(director, "ipvsadm", "-Lnc");
    } finally {
      await cluster.remove();
      rmSync(folder, { recursive: true });
    }
  },
};
