/**
 * The cluster of the tutorial, whose switch speaks OSPF: each director offers the virtual addresses that its lo has, the
 * router takes both ways at equal cost, and a director that is gone is a way less. Both address families at once.
 */
import { existsSync } from "node:fs";
import Table from "cli-table3";
import { Cluster, type Machine } from "../cluster";
import { becomeDirector } from "../director";
import { serveKeepingOpen } from "../browser";
import { bird } from "../ospf/bird";
import { DEAD, HELLO, type MakeDaemon, type RoutingDaemon } from "../ospf/daemon";
import { frr } from "../ospf/frr";
import { becomeRealServer } from "../real-server";
import { schedulerOf } from "../schedulers";
import { VirtualService } from "../schedulers/service";
import type { Scenario, Story } from "../story";
import { type Report, Traffic } from "../traffic";
import { until } from "../wait";

const PORT = 80;
/** Enough that each director has some: all of them with one would be a chance of one in eight million. */
const CONNECTIONS = 24;
/** Seconds above which an answer counts as a pause. It is told, and nothing depends on it. */
const PAUSE = 0.7;
/** Seconds until the routers are given up: much more than they take, as machines may be busy. */
const PATIENCE = 240;

interface Family {
  readonly name: "IPv4" | "IPv6";
  readonly vip: string;
  readonly client: string;
  readonly directors: readonly [string, string];
  readonly servers: Readonly<Record<string, string>>;
  /** Of ip(8), and of its table of routes to the VIP. */
  readonly flag: "-4" | "-6";
}

const FAMILIES: readonly Family[] = [
  {
    name: "IPv4",
    vip: "10.0.0.38",
    client: "192.168.9.100",
    directors: ["192.168.0.8", "192.168.0.9"],
    servers: { "real-18": "192.168.0.18", "real-28": "192.168.0.28", "real-48": "192.168.0.48" },
    flag: "-4",
  },
  {
    name: "IPv6",
    vip: "fd00:10::38",
    client: "fd00:9::100",
    directors: ["fd00:192::8", "fd00:192::9"],
    servers: { "real-18": "fd00:192::18", "real-28": "fd00:192::28", "real-48": "fd00:192::48" },
    flag: "-6",
  },
];
const VIPS = FAMILIES.map(({ vip }) => vip);
const DIRECTORS = ["director-1", "director-2"] as const;
const ROUTER = { outside: ["192.168.9.1", "fd00:9::1"], lan: ["192.168.0.1", "fd00:192::1"] } as const;

const DRAWING = `
                                    10.0.0.38, fd00:10::38 on lo
                                ┌── director-1 ──┐    real-18  the VIPs on lo
client ─── outside ─── router ──┤                ├──  real-28  the VIPs on lo
192.168.9.100         speaks    └── director-2 ──┘    real-48  the VIPs on lo
fd00:9::100           OSPF          speak OSPF        their gateway is the router
`;

const addresses = (v4: string, v6: string): readonly string[] => [`${v4}/24`, `${v6}/64`];

const lan = (v4: string, v6: string) => ({
  interfaces: { eth0: { network: "lan", addresses: addresses(v4, v6) } },
  routes: ROUTER.lan.map((gateway) => ["default", "via", gateway]),
});

const build = (): Promise<Cluster> =>
  Cluster.build({
    networks: ["outside", "lan"],
    machines: {
      client: {
        interfaces: { eth0: { network: "outside", addresses: addresses("192.168.9.100", "fd00:9::100") } },
        routes: ROUTER.outside.map((gateway) => ["default", "via", gateway]),
      },
      router: {
        interfaces: {
          eth0: { network: "outside", addresses: addresses(...ROUTER.outside) },
          eth1: { network: "lan", addresses: addresses(...ROUTER.lan) },
        },
        sysctls: { "net.ipv4.ip_forward": 1, "net.ipv6.conf.all.forwarding": 1 },
      },
      "director-1": lan("192.168.0.8", "fd00:192::8"),
      "director-2": lan("192.168.0.9", "fd00:192::9"),
      "real-18": lan("192.168.0.18", "fd00:192::18"),
      "real-28": lan("192.168.0.28", "fd00:192::28"),
      "real-48": lan("192.168.0.48", "fd00:192::48"),
    },
  });

/** Where mh sends a connection, whichever director it is that asks. */
const model = ({ servers, vip, client }: Family): ((clientPort: number) => string) => {
  const service = VirtualService.of(
    schedulerOf("mh", ["mh-port"]),
    Object.entries(servers).map(([name, address]) => ({ name, address, port: PORT, weight: 1 })),
  );
  return (clientPort) => service.open({ client, clientPort, destination: vip });
};

interface Lab {
  readonly story: Story;
  readonly cluster: Cluster;
  readonly router: Machine;
  readonly first: Machine;
  readonly daemons: ReadonlyMap<string, RoutingDaemon>;
  /** The directors' own addresses as the router's routes have them: over IPv6 those of the link. */
  readonly gateways: Readonly<Record<Family["name"], readonly string[]>>;
}

/** What happens to director-1, and how it is undone. */
interface Event {
  readonly name: string;
  readonly told: string;
  readonly happens: (lab: Lab) => Promise<void>;
  readonly undone: (lab: Lab) => Promise<void>;
}

const daemonOf = ({ daemons }: Lab, name: string): RoutingDaemon => {
  const daemon = daemons.get(name);
  if (daemon === undefined) throw new Error(`${name} speaks no OSPF`);
  return daemon;
};

const WITHDRAWN: Event = {
  name: "withdrawn",
  told: "For maintenance, director-1 withdraws: its lo has the VIPs no longer, and its daemon says so.",
  happens: async ({ story, first }) => void (await story.command(first, "lvs-director", "stop", ...VIPS)),
  undone: ({ story, first }) => becomeDirector(story, first, VIPS, { dev: "lo", mode: "dr" }),
};
const STOPPED: Event = {
  name: "stopped",
  told: "The daemons of director-1 are stopped, and take leave. Whatever still comes to the director, it forwards.",
  happens: (lab) => daemonOf(lab, "director-1").stop(),
  undone: (lab) => daemonOf(lab, "director-1").start(),
};
const KILLED: Event = {
  name: "killed",
  told: `The daemons of director-1 are killed. Nobody hears of it, until no hello has come for ${DEAD} s; the director forwards on.`,
  happens: (lab) => daemonOf(lab, "director-1").kill(),
  undone: (lab) => daemonOf(lab, "director-1").start(),
};
const CUT_OFF: Event = {
  name: "cut off",
  told: `The cable of director-1 is pulled. The router sends it packets until no hello has come for ${DEAD} s; they are lost.`,
  happens: ({ cluster }) => cluster.unplug("director-1", "eth0"),
  undone: ({ cluster }) => cluster.plugIn("director-1", "eth0"),
};

const setUp = async (story: Story, cluster: Cluster): Promise<void> => {
  const router = cluster.machine("router");
  story.explain("The router takes one of several ways by a hash of addresses and ports.");
  await story.command(router, "sysctl", "-w", "net.ipv4.fib_multipath_hash_policy=1", "net.ipv6.fib_multipath_hash_policy=1");
  for (const name of Object.keys(FAMILIES[0]?.servers ?? {})) {
    await becomeRealServer(story, cluster.machine(name), VIPS);
    await serveKeepingOpen(cluster.machine(name), PORT);
  }
  story.explain("Both directors have the VIPs on lo, the same services in every word, and take up connections that they have not seen begin.");
  for (const name of DIRECTORS) {
    const director = cluster.machine(name);
    await becomeDirector(story, director, VIPS, { dev: "lo", mode: "dr" });
    await story.rules(
      director,
      ...FAMILIES.flatMap(({ vip, servers }) => [
        `-A -t ${endpoint(vip)} -s mh -b mh-port`,
        ...Object.values(servers).map((server) => `-a -t ${endpoint(vip)} -r ${endpoint(server)} -g -w 1`),
      ]),
    );
    await story.command(director, "sysctl", "-w", "net.ipv4.vs.sloppy_tcp=1");
  }
};

const endpoint = (address: string): string => `${address.includes(":") ? `[${address}]` : address}:${PORT}`;

/** A route's ways, as `ip route show` lists them: of one way, it is in the route's own line. */
const waysTo = async (router: Machine, { vip, flag }: Family): Promise<readonly string[]> => {
  const listed = await router.run(["ip", flag, "route", "show", vip]);
  return [...listed.matchAll(/ via (?:inet6? )?(\S+)/g)].map(([, gateway = ""]) => gateway).sort();
};

const untilWays = async (lab: Lab, family: Family, count: 1 | 2): Promise<void> => {
  const wanted = lab.gateways[family.name].slice(2 - count).toSorted().join();
  const what = count === 2 ? "two ways to the VIP" : "one way less to the VIP";
  await until(`${what} (${family.name})`, async () => (await waysTo(lab.router, family)).join() === wanted, PATIENCE);
};

const showRoutes = async ({ story, router }: Lab): Promise<void> => {
  for (const { flag, vip } of FAMILIES) await story.command(router, "ip", flag, "route", "show", vip);
};

const startDaemons = async (
  story: Story,
  cluster: Cluster,
  make: MakeDaemon,
  tree?: string,
): Promise<Map<string, RoutingDaemon>> => {
  story.explain(
    `Router and directors speak OSPF: a hello each ${HELLO} s, and who is silent for ${DEAD} s is dead. The directors offer what` +
      " their lo has. In what follows the configurations are whole.",
  );
  const speakers = [
    { machine: cluster.machine("router"), routerId: "192.168.0.1", dev: "eth1", role: "router" },
    { machine: cluster.machine("director-1"), routerId: "192.168.0.8", dev: "eth0", role: "director" },
    { machine: cluster.machine("director-2"), routerId: "192.168.0.9", dev: "eth0", role: "director" },
  ] as const;
  const daemons = new Map<string, RoutingDaemon>();
  for (const speaker of speakers) daemons.set(speaker.machine.name, await make(story, speaker, tree));
  for (const daemon of daemons.values()) await daemon.start();
  return daemons;
};

/** The address of the link, by which routers of IPv6 know each other. */
const linkLocal = async (machine: Machine): Promise<string> => {
  const listed = await machine.run(["ip", "-6", "-brief", "address", "show", "dev", "eth0", "scope", "link"]);
  const [, address] = /(fe80:\S+)\/64/.exec(listed) ?? [];
  if (address === undefined) throw new Error(`${machine.name} has no link-local address: ${listed}`);
  return address;
};

/** Which of the connections of each family a director has, by the client's port. */
const portsAt = async (story: Story, director: Machine): Promise<(family: Family) => ReadonlySet<number>> => {
  const sources = (await story.command(director, "ipvsadm", "-Lnc")).split("\n").map((line) => line.trim().split(/\s+/)[3] ?? "");
  return ({ client }) => {
    const start = endpoint(client).slice(0, -String(PORT).length);
    return new Set(sources.filter((source) => source.startsWith(start)).map((source) => Number(source.slice(start.length))));
  };
};

interface Row {
  readonly event: string;
  readonly family: Family["name"];
  readonly routeGone: number;
  readonly through: number;
  readonly report: Report;
}

const tenths = (seconds: number): string => `${seconds.toFixed(1)} s`;

const tableOf = (rows: readonly Row[]): string => {
  const drawn = new Table({
    head: ["director-1", "family", "route gone after", "through it", "paused", "longest", "new connections", "slow", "slowest"],
    style: { head: [], border: [], compact: true },
  });
  for (const { event, family, routeGone, through, report } of rows) {
    const paused = report.talks.filter(({ slowest }) => slowest > PAUSE);
    const slow = report.calls.filter(({ seconds }) => seconds > PAUSE);
    const longest = (all: readonly number[]): string => (all.length === 0 ? "" : tenths(Math.max(...all)));
    drawn.push([
      event,
      family,
      tenths(routeGone),
      `${through} of ${report.talks.length}`,
      String(paused.length),
      longest(paused.map(({ slowest }) => slowest)),
      String(report.calls.length),
      String(slow.length),
      longest(slow.map(({ seconds }) => seconds)),
    ]);
  }
  return drawn.toString();
};

/** One event under traffic over both families, and back again. */
const under = async (lab: Lab, traffic: Traffic, event: Event, turn: number): Promise<readonly Row[]> => {
  const { story, cluster } = lab;
  const basePort = 20_000 + turn * 100;
  const ports = Array.from({ length: CONNECTIONS }, (_, index) => basePort + index);
  const at = FAMILIES.map(({ vip }) => ({ address: vip, port: PORT }));
  const ofFamily = (report: Report, { vip }: Family): Report => ({
    talks: report.talks.filter(({ address }) => address === vip),
    calls: report.calls.filter(({ address }) => address === vip),
  });
  const expectKept = (what: string, report: Report): void => {
    for (const family of FAMILIES) {
      const { talks, calls } = ofFamily(report, family);
      const found = talks.map(({ servers, lost }) => (lost === undefined && servers.length === 1 ? (servers[0] ?? "") : ""));
      const problems = talks.flatMap(({ servers, lost, fromPort }) =>
        lost !== undefined ? [`${fromPort}: ${lost}`] : servers.length > 1 ? [`${fromPort}: ${servers.join(", then ")}`] : [],
      );
      if (problems.length > 0) story.explain(problems.join("\n"));
      story.sent += talks.length + calls.length;
      story.expect(`${event.name}, ${family.name}: ${what}`, ports.map(model(family)), found);
      const refused = calls.filter(({ answer }) => answer === "").length;
      if (calls.length > 0) story.check(`${event.name}, ${family.name}: every new connection is answered`, refused === 0, `${calls.length}, of which ${refused} were not`);
    }
  };

  story.explain(
    `${CONNECTIONS} connections to each VIP, which stay open and ask again and again. A second client opens a new one each half a second.`,
  );
  await traffic.do({ open: FAMILIES.flatMap(({ vip }) => ports.map((fromPort) => ({ address: vip, port: PORT, fromPort }))) });
  const firsts = await portsAt(story, lab.first);
  const seconds = await portsAt(story, cluster.machine("director-2"));
  const through = new Map<string, number>();
  for (const family of FAMILIES) {
    const [one, other] = [firsts, seconds].map((has) => ports.filter((port) => has(family).has(port)).length);
    through.set(family.name, one ?? 0);
    const shared = one !== undefined && other !== undefined && one > 0 && other > 0;
    story.check(`${event.name}, ${family.name}: each director has some of the connections`, shared, `${one} and ${other}`);
  }

  story.explain(event.told);
  await traffic.do({ watch: at });
  await event.happens(lab);
  const happened = performance.now();
  const gone = await Promise.all(
    FAMILIES.map(async (family) => {
      await untilWays(lab, family, 1);
      return (performance.now() - happened) / 1000;
    }),
  );
  const report = await traffic.do({ settle: true });
  await showRoutes(lab);
  await daemonOf(lab, "router").neighbours();
  expectKept("every connection goes on, with its real server", report);
  const rows = FAMILIES.map((family, index) => ({
    event: event.name,
    family: family.name,
    routeGone: gone[index] ?? 0,
    through: through.get(family.name) ?? 0,
    report: ofFamily(report, family),
  }));

  story.explain("director-1 comes back, and the way through it.");
  await event.undone(lab);
  for (const family of FAMILIES) await untilWays(lab, family, 2);
  await traffic.do({ watch: [] });
  expectKept("and when it is back", await traffic.do({ settle: true }));
  await traffic.do({ close: true });
  return rows;
};

const play = async (story: Story, make: MakeDaemon, events: readonly Event[]): Promise<void> => {
  story.drawing(DRAWING);
  const cluster = await build();
  try {
    const client = cluster.machine("client");
    await setUp(story, cluster);
    const daemons = await startDaemons(story, cluster, make);
    const [first, second] = [cluster.machine("director-1"), cluster.machine("director-2")];
    const lab: Lab = {
      story,
      cluster,
      router: cluster.machine("router"),
      first,
      daemons,
      gateways: { IPv4: FAMILIES[0]?.directors ?? [], IPv6: [await linkLocal(first), await linkLocal(second)] },
    };
    story.explain("They find each other, and the router has two ways to each VIP.");
    for (const family of FAMILIES) await untilWays(lab, family, 2);
    await showRoutes(lab);
    await daemonOf(lab, "router").neighbours();
    await daemonOf(lab, "director-1").neighbours();
    if (existsSync("/proc/sys/net/core/txrehash")) {
      story.explain("A client on this network must not change its hash when it sends something again: behind a real switch it would not help.");
      await story.command(client, "sysctl", "-w", "net.core.txrehash=0");
    }
    const traffic = new Traffic(client);
    const rows: Row[] = [];
    for (const [turn, event] of events.entries()) rows.push(...(await under(lab, traffic, event, turn)));
    story.explain(`What came of it (the dead interval is ${DEAD} s; paused are answers that took more than ${PAUSE} s):`);
    story.drawing(tableOf(rows));
  } finally {
    await cluster.remove();
  }
};

/** The same configurations for the daemons of the next Debian: they find each other, and a VIP that goes is a way less. */
const playTrixie = async (story: Story): Promise<void> => {
  const tree = process.env["LAB_TRIXIE"] ?? "";
  if (tree === "") throw new Error("trixie's daemons are not there: LAB_TRIXIE is what test/lab/packages trixie prints");
  for (const [name, make] of Object.entries({ frr, bird })) {
    const cluster = await build();
    try {
      const [first, second] = [cluster.machine("director-1"), cluster.machine("director-2")];
      for (const director of [first, second]) {
        for (const vip of VIPS) await story.command(director, "ip", "address", "add", vip, "dev", "lo");
      }
      const lab: Lab = {
        story,
        cluster,
        router: cluster.machine("router"),
        first,
        daemons: await startDaemons(story, cluster, make, tree),
        gateways: { IPv4: FAMILIES[0]?.directors ?? [], IPv6: [await linkLocal(first), await linkLocal(second)] },
      };
      for (const family of FAMILIES) await untilWays(lab, family, 2);
      await showRoutes(lab);
      const neighbours = await daemonOf(lab, "router").neighbours();
      const full = neighbours.match(/\sFull\//g)?.length ?? 0;
      story.check(`trixie's ${name}: two neighbours over each family`, full === 4, `${full} of 4`);
      for (const { flag, vip } of FAMILIES) await story.command(first, "ip", flag, "address", "flush", "dev", "lo", "to", vip);
      for (const family of FAMILIES) await untilWays(lab, family, 1);
      await showRoutes(lab);
      story.check(`trixie's ${name}: a VIP that is taken off lo is a way less`, true);
    } finally {
      await cluster.remove();
    }
  }
};

const EVENTS = [WITHDRAWN, STOPPED, KILLED, CUT_OFF];

export const ospfFrr: Scenario = {
  name: "ospf-frr",
  title: "Two directors that speak OSPF, by FRR: one is withdrawn, stopped, killed, cut off",
  play: (story) => play(story, frr, EVENTS),
  short: (story) => play(story, frr, [CUT_OFF]),
};

export const ospfBird: Scenario = {
  name: "ospf-bird",
  title: "Two directors that speak OSPF, by BIRD: one is withdrawn, stopped, killed, cut off",
  play: (story) => play(story, bird, EVENTS),
  short: "nothing",
};

export const ospfTrixie: Scenario = {
  name: "ospf-trixie",
  title: "Trixie's FRR and BIRD load the configurations of the OSPF scenarios",
  play: playTrixie,
  short: "nothing",
};
