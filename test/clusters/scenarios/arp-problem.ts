/** The ARP problem of direct routing: every real server has the virtual address, and must not say so. IPv6 has it not. */
import { Cluster, type Machine } from "../cluster";
import { becomeDirector } from "../director";
import { becomeRealServer } from "../real-server";
import type { Scenario, Story } from "../story";
import { serve } from "../web";

const VIP = "192.168.0.38";
const VIP6 = "2001:db8::38";
const SERVERS = { "real-18": "192.168.0.18", "real-28": "192.168.0.28" };
const SERVERS6 = { "real-18": "2001:db8::18", "real-28": "2001:db8::28" };

const DRAWING = `
client            director            real-18             real-28
192.168.0.100     192.168.0.8         ${SERVERS["real-18"]}        ${SERVERS["real-28"]}
                  ${VIP} (VIP)  ${VIP} on lo  ${VIP} on lo
  │                 │                   │                   │
  └─────────────────┴───────── lan ─────┴───────────────────┘`;

const lan = (address: string, address6: string) => ({
  interfaces: { eth0: { network: "lan", addresses: [`${address}/24`, `${address6}/64`] } },
});

/** Who says to have the virtual address: the names of the machines, by the hardware addresses in the answers. */
const whoHas = async (story: Story, client: Machine, names: ReadonlyMap<string, string>): Promise<readonly string[]> => {
  const said = await story.command(client, "arping", "-b", "-w", "2", "-I", "eth0", VIP);
  const macs = [...said.matchAll(/\[([0-9A-F:]{17})\]/gi)].map(([, mac = ""]) => mac.toLowerCase());
  return [...new Set(macs.map((mac) => names.get(mac) ?? mac))].sort();
};

/** The machine to which the client sends what is for the virtual address. */
const believed = async (story: Story, client: Machine, names: ReadonlyMap<string, string>, vip = VIP): Promise<string> => {
  const entry = await story.command(client, "ip", "neighbour", "show", "to", vip);
  const [, mac = ""] = / lladdr ([0-9a-f:]{17})/.exec(entry) ?? [];
  return names.get(mac) ?? "";
};

const macOf = async (machine: Machine): Promise<string> => {
  const [, mac = ""] = /link\/ether ([0-9a-f:]{17})/.exec(await machine.run(["ip", "link", "show", "eth0"])) ?? [];
  return mac;
};

export const arpProblem: Scenario = {
  name: "arp-problem",
  title: "The ARP problem: who has the virtual address?",

  async play(story) {
    story.drawing(DRAWING);
    const cluster = await Cluster.build({
      networks: ["lan"],
      machines: {
        // A bridge passes a broadcast on to the port that it got last, first: the director will answer last.
        director: lan("192.168.0.8", "2001:db8::8"),
        "real-18": lan(SERVERS["real-18"], SERVERS6["real-18"]),
        "real-28": lan(SERVERS["real-28"], SERVERS6["real-28"]),
        client: lan("192.168.0.100", "2001:db8::100"),
      },
    });
    try {
      const director = cluster.machine("director");
      const client = cluster.machine("client");
      const servers = Object.keys(SERVERS).map((name) => cluster.machine(name));
      const names = new Map<string, string>();
      for (const machine of [director, ...servers]) names.set(await macOf(machine), machine.name);

      await becomeDirector(story, director, [VIP, VIP6], { dev: "eth0", mode: "dr" });
      await story.rules(
        director,
        `-A -t ${VIP}:80 -s rr`,
        ...Object.values(SERVERS).map((server) => `-a -t ${VIP}:80 -r ${server}:80 -g`),
        `-A -t [${VIP6}]:80 -s rr`,
        ...Object.values(SERVERS6).map((server) => `-a -t [${VIP6}]:80 -r [${server}]:80 -g`),
      );
      for (const machine of servers) await serve(machine);

      story.explain("The real servers have the virtual address, so that they take what the director sends them; and nothing else is done.");
      for (const machine of servers) {
        await story.command(machine, "ip", "address", "add", `${VIP}/32`, "dev", "lo");
        await story.command(machine, "ip", "address", "add", `${VIP6}/128`, "dev", "lo", "nodad");
      }
      story.explain("Who has it? An interface answers for any address of its machine, also for one on lo.");
      const all = await whoHas(story, client, names);
      story.check("without lvs-realserver, everybody answers arping", all.length === 3, all.join(", "));

      story.explain("The client believes one of them, here whoever was quickest. Its requests no longer go through the director.");
      const lost = await story.requests(client, `http://${VIP}/`, 8);
      const winner = await believed(story, client, names);
      story.check("the client believes a real server", Object.keys(SERVERS).includes(winner), winner);
      story.expect("without lvs-realserver", { [winner]: 8 }, lost);

      story.explain("IPv6 has no such problem: a machine is a neighbour only by the addresses of the interface that is asked.");
      const six = await story.requests(client, `http://[${VIP6}]/`, 8);
      story.expect("IPv6, without lvs-realserver", { "real-18": 4, "real-28": 4 }, six);
      const neighbour = await believed(story, client, names, VIP6);
      story.check("for IPv6, the client believes the director", neighbour === "director", neighbour);

      story.explain("Now as it should be: the real servers keep quiet about it, and do not use it when they ask for others.");
      for (const machine of servers) {
        await story.command(machine, "ip", "address", "delete", `${VIP}/32`, "dev", "lo");
        await becomeRealServer(story, machine, [VIP]);
      }
      await story.command(client, "ip", "neighbour", "flush", "to", VIP);
      const one = await whoHas(story, client, names);
      story.check("with lvs-realserver, only the director answers arping", one.join() === "director", one.join(", "));
      const balanced = await story.requests(client, `http://${VIP}/`, 8);
      story.expect("with lvs-realserver", { "real-18": 4, "real-28": 4 }, balanced);
      const trusted = await believed(story, client, names);
      story.check("the client believes the director", trusted === "director", trusted);
    } finally {
      await cluster.remove();
    }
  },
};
