/**
 * Two directors at a time, behind equal-cost routes. They tell each other nothing: mh chooses the same server on both, and
 * so a connection whose director dies goes on through the other.
 */
import { Browser, type Order, serveKeepingOpen } from "../browser";
import { Cluster, type Machine } from "../cluster";
import { becomeDirector } from "../director";
import { becomeRealServer } from "../real-server";
import { schedulerOf } from "../schedulers";
import { VirtualService } from "../schedulers/service";
import type { Answers, Scenario, Story } from "../story";

const VIP = "10.0.0.38";
const CLIENT = "192.168.9.100";
const DIRECTORS = { "director-1": "192.168.0.8", "director-2": "192.168.0.9" };
const SERVERS = { "real-18": "192.168.0.18", "real-28": "192.168.0.28", "real-48": "192.168.0.48" };
const ROUTER = { outside: "192.168.9.1", lan: "192.168.0.1" };
/** The same servers three times: two services of directors that choose alike, and one of directors that do not. */
const PORTS = { mh: 80, early: 82, rr: 81 };
const SCHEDULERS = { mh: "mh -b mh-port", early: "mh -b mh-port", rr: "rr" } as const;
type ServiceName = keyof typeof PORTS;
const SERVICES: readonly ServiceName[] = ["mh", "early", "rr"];
/** Enough that each director has some: all of them with one would be a chance of one in eight million. */
const CONNECTIONS = Array.from({ length: 24 }, (_, index) => index);

const DRAWING = `
                                    ${VIP} (VIP)
                                ┌── director-1 ──┐    real-18  ${VIP} on lo
client ─── outside ─── router ──┤                ├──  real-28  ${VIP} on lo
${CLIENT}                   └── director-2 ──┘    real-48  ${VIP} on lo
                                    ${VIP} (VIP)      their gateway is the router
`;

const lan = (address: string, ...routes: readonly string[][]) => ({
  interfaces: { eth0: { network: "lan", addresses: [`${address}/24`] } },
  routes: [["default", "via", ROUTER.lan], ...routes],
});

const build = (): Promise<Cluster> =>
  Cluster.build({
    networks: ["outside", "lan"],
    machines: {
      client: { interfaces: { eth0: { network: "outside", addresses: [`${CLIENT}/24`] } }, routes: [["default", "via", ROUTER.outside]] },
      router: {
        interfaces: {
          eth0: { network: "outside", addresses: [`${ROUTER.outside}/24`] },
          eth1: { network: "lan", addresses: [`${ROUTER.lan}/24`] },
        },
        sysctls: { "net.ipv4.ip_forward": 1 },
      },
      ...Object.fromEntries(Object.entries({ ...DIRECTORS, ...SERVERS }).map(([name, address]) => [name, lan(address)])),
    },
  });

const clientPort = (port: number, connection: number): number => 20_000 + port * 100 + connection;
const open = (port: number): readonly Order[] =>
  CONNECTIONS.map((connection) => ({
    open: clientPort(port, connection),
    to: { address: VIP, port },
    from: CLIENT,
    fromPort: clientPort(port, connection),
  }));
const again = (port: number, connections: readonly number[] = CONNECTIONS): readonly Order[] =>
  connections.map((connection) => ({ again: clientPort(port, connection) }));

/** A director's own idea of a service. */
const model = (name: ServiceName): VirtualService =>
  VirtualService.of(
    name === "rr" ? schedulerOf("rr") : schedulerOf("mh", ["mh-port"]),
    Object.entries(SERVERS).map(([server, address]) => ({ name: server, address, port: PORTS[name], weight: 1 })),
  );
const connectTo = (service: VirtualService, port: number, connection: number): string =>
  service.open({ client: CLIENT, clientPort: clientPort(port, connection), destination: VIP });

/** Which of the connections to a port a director has. */
const connectionsOf = async (story: Story, director: Machine): Promise<(port: number) => readonly number[]> => {
  const listed = await story.command(director, "ipvsadm", "-Lnc");
  return (port) => CONNECTIONS.filter((connection) => listed.includes(` ${CLIENT}:${clientPort(port, connection)} `));
};

const throughBoth = (route: "add" | "replace"): readonly string[] => [
  "route",
  route,
  `${VIP}/32`,
  ...Object.values(DIRECTORS).flatMap((director) => ["nexthop", "via", director]),
];

const setUp = async (story: Story, cluster: Cluster): Promise<void> => {
  const router = cluster.machine("router");
  story.explain("The router has two ways to the virtual address, and takes one by a hash of addresses and ports.");
  await story.command(router, "sysctl", "-w", "net.ipv4.fib_multipath_hash_policy=1");
  await story.command(router, "ip", ...throughBoth("add"));
  for (const name of Object.keys(SERVERS)) {
    await becomeRealServer(story, cluster.machine(name), [VIP]);
    await serveKeepingOpen(cluster.machine(name), ...Object.values(PORTS));
  }
  story.explain(
    "Both directors have the same services: ports 80 and 82 by mh, with the client's port in the hash, and port 81 by rr.",
  );
  for (const name of Object.keys(DIRECTORS)) {
    const director = cluster.machine(name);
    await becomeDirector(story, director, [VIP], { dev: "eth0", mode: "dr" });
    await story.rules(
      director,
      ...SERVICES.flatMap((service) => [
        `-A -t ${VIP}:${PORTS[service]} -s ${SCHEDULERS[service]}`,
        ...Object.values(SERVERS).map((server) => `-a -t ${VIP}:${PORTS[service]} -r ${server}:${PORTS[service]} -g -w 1`),
      ]),
    );
  }
};

export const ecmpMh: Scenario = {
  name: "ecmp-mh",
  title: "Two directors behind equal-cost routes: one dies, and with mh connections keep their real server",

  async play(story) {
    story.drawing(DRAWING);
    const cluster = await build();
    try {
      await setUp(story, cluster);
      const router = cluster.machine("router");
      const [first, second] = [cluster.machine("director-1"), cluster.machine("director-2")];
      const browser = new Browser(story, cluster.machine("client"));

      story.explain("Connections to all ports, which stay open. Each goes through one director or the other.");
      const alike = (service: "mh" | "early"): Answers =>
        CONNECTIONS.map((connection) => connectTo(model(service), PORTS[service], connection));
      for (const service of ["mh", "early"] as const) {
        const what = `mh on port ${PORTS[service]}: both directors choose as the model does`;
        story.expect(what, alike(service), await browser.ask(open(PORTS[service])));
      }
      const taken = await browser.ask(open(PORTS.rr));
      const firsts = await connectionsOf(story, first);
      const seconds = await connectionsOf(story, second);
      for (const port of Object.values(PORTS)) {
        const [one, other] = [firsts(port), seconds(port)];
        const shared = one.length > 0 && other.length > 0 && one.length + other.length === CONNECTIONS.length;
        story.check(`port ${port}: each director has some of the connections`, shared, `${one.length} and ${other.length}`);
      }
      const turns = { first: model("rr"), second: model("rr") };
      const inTurn = CONNECTIONS.map((connection) =>
        connectTo(firsts(PORTS.rr).includes(connection) ? turns.first : turns.second, PORTS.rr, connection),
      );
      story.expect("rr: each director takes turns by itself", inTurn, taken);

      story.explain("The first director dies, and the route through it is withdrawn. All connections go through the second.");
      await story.command(first, "ip", "link", "set", "eth0", "down");
      await story.command(router, "ip", "route", "replace", `${VIP}/32`, "via", DIRECTORS["director-2"]);

      story.explain("A director forwards nothing of a connection whose beginning it has not seen: its own TCP resets it.");
      const kept = alike("early").map((server, connection) => (seconds(PORTS.early).includes(connection) ? server : ""));
      story.expect("mh, sloppy_tcp=0: those of the dead director are lost", kept, await browser.ask(again(PORTS.early)));

      story.explain("With sloppy_tcp it takes such a connection up, and mh knows where it belongs.");
      await story.command(second, "sysctl", "-w", "net.ipv4.vs.sloppy_tcp=1");
      story.expect("mh, sloppy_tcp=1: every connection keeps its real server", alike("mh"), await browser.ask(again(PORTS.mh)));

      story.explain(
        "With rr the second director gives the connections that are new to it to whoever has the next turn. They come in" +
          " another order than when they were opened, and whoever gets one that it does not know resets it.",
      );
      const backwards = [...CONNECTIONS].reverse();
      const lucky = backwards.map((connection) => {
        const server = inTurn[connection] ?? "";
        const known = seconds(PORTS.rr).includes(connection);
        return known || connectTo(turns.second, PORTS.rr, connection) === server ? server : "";
      });
      story.check("rr: some connections will come to another real server", lucky.includes(""));
      story.expect("rr, sloppy_tcp=1: only those that come to their own by chance go on", lucky, await browser.ask(again(PORTS.rr, backwards)));

      story.explain("The first director comes back, and the route through it. It still knows what it knew.");
      await story.command(first, "ip", "link", "set", "eth0", "up");
      await story.command(router, "ip", ...throughBoth("replace"));
      story.expect("mh, both again: every connection keeps its real server", alike("mh"), await browser.ask(again(PORTS.mh)));
    } finally {
      await cluster.remove();
    }
  },
};
