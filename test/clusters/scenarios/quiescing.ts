/** Quiescing: a server of weight 0 keeps the connections that it has, and, where a service is persistent, its clients. */
import { Browser, type Order, serveKeepingOpen } from "../browser";
import { Cluster } from "../cluster";
import { becomeDirector } from "../director";
import { becomeRealServer } from "../real-server";
import type { Scenario } from "../story";

const VIP = "192.168.0.38";
const SERVERS = { stays: "192.168.0.18", leaves: "192.168.0.28" };
const PLAIN = 80;
const PERSISTENT = 443;
const CLIENTS = ["192.168.0.100", "192.168.0.101", "192.168.0.102"] as const;

const DRAWING = `
client            director            stays               leaves
${CLIENTS[0]}     192.168.0.8         ${SERVERS.stays}        ${SERVERS.leaves}
... .102          ${VIP} (VIP)
  │                 │                   │                   │
  └─────────────────┴───────── lan ─────┴───────────────────┘`;

const lan = (...addresses: readonly string[]) => ({
  interfaces: { eth0: { network: "lan", addresses: addresses.map((address) => `${address}/24`) } },
});

/** A connection that stays open has a number, which is not 0. */
const visit = (port: number, from: string, number = 0): readonly Order[] => [
  { open: number, to: { address: VIP, port }, from },
  ...(number === 0 ? [{ close: number }] : []),
];
const visits = (count: number, port: number, from: string): readonly Order[] =>
  Array.from({ length: count }).flatMap(() => visit(port, from));

export const quiescing: Scenario = {
  name: "quiescing",
  title: "Quiescing: weight 0 drains a server, with and without persistence",

  async play(story) {
    story.drawing(DRAWING);
    const cluster = await Cluster.build({
      networks: ["lan"],
      machines: { director: lan("192.168.0.8"), stays: lan(SERVERS.stays), leaves: lan(SERVERS.leaves), client: lan(...CLIENTS) },
    });
    try {
      const director = cluster.machine("director");
      await becomeDirector(story, director, [VIP], { dev: "eth0", mode: "dr" });
      for (const name of Object.keys(SERVERS)) {
        await becomeRealServer(story, cluster.machine(name), [VIP]);
        await serveKeepingOpen(cluster.machine(name), PLAIN, PERSISTENT);
      }
      const browser = new Browser(story, cluster.machine("client"));
      const [one, other, third] = CLIENTS;

      story.explain("Round robin on port 80; on port 443 too, but persistent: a client stays with its server for five minutes.");
      await story.rules(
        director,
        ...[`${VIP}:${PLAIN} -s rr`, `${VIP}:${PERSISTENT} -s rr -p 300`].map((service) => `-A -t ${service}`),
        ...[PLAIN, PERSISTENT].flatMap((port) =>
          Object.values(SERVERS).map((server) => `-a -t ${VIP}:${port} -r ${server}:${port} -g -w 1`),
        ),
      );

      story.explain("Two connections come and stay, and three more come and go.");
      const before = await browser.ask([...visit(PLAIN, one, 1), ...visit(PLAIN, one, 2), ...visits(3, PLAIN, one)]);
      story.expect("before, rr", ["leaves", "stays", "leaves", "stays", "leaves"], before);
      const clients = [...visit(PERSISTENT, one, 3), ...visit(PERSISTENT, other), ...visit(PERSISTENT, one), ...visit(PERSISTENT, other)];
      story.expect("before, persistent: two clients in turn", ["leaves", "stays", "leaves", "stays"], await browser.ask(clients));

      story.explain("One server is quiesced.");
      for (const port of [PLAIN, PERSISTENT]) {
        await story.command(director, "ipvsadm", "-e", "-t", `${VIP}:${port}`, "-r", `${SERVERS.leaves}:${port}`, "-g", "-w", "0");
      }
      story.explain("The connections that it has go on; new ones go to the other.");
      story.expect("weight 0: the open connections", ["leaves", "stays"], await browser.ask([{ again: 1 }, { again: 2 }]));
      story.expect("weight 0: new connections", { stays: 6 }, await browser.ask(visits(6, PLAIN, one)));
      await story.command(director, "ipvsadm", "-Ln");

      story.explain("With persistence it keeps its clients, too, for as long as they keep coming; a new client goes to the other.");
      story.expect("weight 0, persistent: its client", { leaves: 4 }, await browser.ask(visits(4, PERSISTENT, one)));
      story.expect("weight 0, persistent: a new client", { stays: 4 }, await browser.ask(visits(4, PERSISTENT, third)));

      story.explain("Unless it is told to forget them: then only connections that are open go on.");
      await story.command(director, "sysctl", "-w", "net.ipv4.vs.expire_quiescent_template=1");
      story.expect("expire_quiescent_template=1: its client", { stays: 4 }, await browser.ask(visits(4, PERSISTENT, one)));
      story.expect("expire_quiescent_template=1: the open connection", ["leaves"], await browser.ask([{ again: 3 }]));

      story.explain("Its weight is back. New connections come to it again, but its client has moved.");
      for (const port of [PLAIN, PERSISTENT]) {
        await story.command(director, "ipvsadm", "-e", "-t", `${VIP}:${port}`, "-r", `${SERVERS.leaves}:${port}`, "-g", "-w", "1");
      }
      story.expect("weight 1 again: new connections", { leaves: 3, stays: 3 }, await browser.ask(visits(6, PLAIN, one)));
      story.expect("weight 1 again, persistent: the client that moved", { stays: 3 }, await browser.ask(visits(3, PERSISTENT, one)));
    } finally {
      await cluster.remove();
    }
  },
};
