/**
 * Every scheduler that the kernel has, asked by real connections, against the model in ../schedulers that foretells who
 * answers each of them.
 */
import { WANTS_FIREWALL, whyNot } from "../../lab/kernel";
import { Browser, type Order, serveKeepingOpen } from "../browser";
import { Cluster, type Machine } from "../cluster";
import { becomeDirector } from "../director";
import { schedulerOf } from "../schedulers";
import { type Family, IPV4, IPV6, SERVERS, SITES } from "../schedulers/addresses";
import { type Located, one, PLACED, type Placed } from "../schedulers/cases";
import { foretellLots } from "../schedulers/lots";
import { quiescingRules, rulesOf, serverRules, serversOf, serviceWords } from "../schedulers/rules";
import { VirtualService } from "../schedulers/service";
import { fromPorts, predict, stays, type Traffic } from "../schedulers/traffic";
import type { Scenario, Story } from "../story";

const DRAWING = `
client                   director                      real-1 ... real-4
${IPV4.clients[0]}            ${IPV4.director}      ${IPV4.gateway}     ${IPV4.servers[0]} ... ${IPV4.servers[3]}
... .131                 ${IPV4.vip} (VIP)            the director is their gateway (NAT)
  │                        │            │                │
  └─────── outside ────────┘            └──── inside ────┘`;

const lan = (network: string, pick: (family: Family) => readonly string[]) => ({
  network,
  addresses: [IPV4, IPV6].flatMap((family) => pick(family).map((address) => `${address}/${family.prefix}`)),
});

const build = (): Promise<Cluster> =>
  Cluster.build({
    networks: ["outside", "inside"],
    machines: {
      client: { interfaces: { eth0: lan("outside", ({ clients }) => clients) }, routes: [[SITES.network, "via", IPV4.director]] },
      director: {
        interfaces: { eth0: lan("outside", ({ director }) => [director]), eth1: lan("inside", ({ gateway }) => [gateway]) },
      },
      ...Object.fromEntries(
        SERVERS.map((name, index) => [
          name,
          {
            interfaces: { eth0: lan("inside", ({ servers }) => servers.slice(index, index + 1)) },
            routes: [IPV4, IPV6].map(({ gateway }) => ["default", "via", gateway]),
          },
        ]),
      ),
    },
  });

const ordersOf = (traffic: Traffic, { port, base }: Located): readonly Order[] =>
  traffic.map((step) => {
    if ("close" in step) return { close: base + step.close };
    const { client, clientPort, destination } = step.connection;
    return { open: base + step.open, to: { address: destination, port }, from: client, fromPort: clientPort };
  });

const labelOf = ({ scheduler, flags = [], weights }: Placed): string => `${[scheduler, ...flags].join(" ")} ${weights.join(":")}`;

const inWords = (traffic: Traffic): string =>
  traffic.every((step, index) => ("open" in step) === (index % 2 === 0)) ? "one at a time" : "some stay open";

class Trials {
  readonly #models = new Map<Placed, VirtualService>();

  constructor(
    private readonly story: Story,
    private readonly director: Machine,
    private readonly browser: Browser,
  ) {}

  async chapter(cases: readonly Placed[]): Promise<void> {
    await this.story.rules(this.director, ...cases.flatMap(rulesOf));
    for (const placed of cases) {
      this.#models.set(placed, VirtualService.of(schedulerOf(placed.scheduler, placed.flags), serversOf(placed)));
      await this.#compare(placed, placed.traffic, inWords(placed.traffic));
    }
    const quiescing = cases.flatMap((placed) => (placed.quiesced === undefined ? [] : [{ placed, ...placed.quiesced }]));
    if (quiescing.length === 0) return;
    this.story.explain("One server of some of them is quiesced: its weight is 0 from now on.");
    await this.story.rules(this.director, ...quiescing.flatMap(({ placed, server }) => quiescingRules(placed, server)));
    for (const { placed, server, traffic } of quiescing) {
      this.#models.get(placed)?.edit(server, 0);
      await this.#compare(placed, traffic, `${server} quiesced`);
    }
  }

  async #compare(placed: Placed, traffic: Traffic, remark: string): Promise<void> {
    const model = this.#models.get(placed);
    if (model === undefined) throw new Error(`${labelOf(placed)} has no model`);
    const what = `${labelOf(placed)}, ${remark}`;
    this.story.explain(`${what}: who answers?`);
    const expected = predict(model, traffic);
    this.story.expect(what, expected, await this.browser.ask(ordersOf(traffic, placed)));
  }
}

/** Every address of the network is the director's, and a mark says which service a connection belongs to. */
const takeInSites = async (story: Story, director: Machine, cases: readonly Placed[]): Promise<void> => {
  await story.command(director, "ip", "route", "add", "local", SITES.network, "dev", "lo");
  for (const { port } of cases) {
    const mark = ["-p", "tcp", "-d", SITES.network, "--dport", String(port), "-j", "MARK", "--set-mark", String(port)];
    await story.command(director, "iptables-legacy", "-t", "mangle", "-A", "PREROUTING", ...mark);
  }
};

const LOTS: Located = { port: 7999, base: 15_000, sites: false, family: IPV4, weights: [4, 3, 0, 1] };
const DRAWN = 80;

/** twos draws lots: its model says how many each server gets, about. */
const playLots = async (story: Story, director: Machine, browser: Browser): Promise<void> => {
  story.explain("By lot: twos draws two servers, and takes the one that has less to do. Not every kernel has it.");
  const { status } = await story.attempt(director, "ipvsadm", "-A", ...serviceWords(LOTS), "-s", "twos");
  if (status !== 0) {
    const { status: missing } = await director.attempt(["modinfo", "ip_vs_twos"]);
    story.check("twos: this kernel was built without it", missing !== 0, "no module ip_vs_twos");
    return;
  }
  const servers = serversOf(LOTS);
  await story.rules(director, ...serverRules(LOTS, "-a", servers));
  const traffic = fromPorts(LOTS.base, stays(one(DRAWN)));
  const answers = await browser.ask(ordersOf(traffic, LOTS));
  for (const { name, mean, margin } of foretellLots(servers, traffic)) {
    const count = answers.filter((answer) => answer === name).length;
    const what = `twos ${LOTS.weights.join(":")}, ${DRAWN} stay open: ${name} has ${mean.toFixed(1)}, give or take ${margin.toFixed(1)}`;
    story.check(what, Math.abs(count - mean) <= margin, String(count));
  }
};

export const schedulers: Scenario = {
  name: "schedulers",
  title: "Every scheduler of the kernel, each answer foretold",

  async play(story) {
    story.drawing(DRAWING);
    const cluster = await build();
    try {
      const director = cluster.machine("director");
      await becomeDirector(story, director, [IPV4.vip, IPV6.vip], { dev: "eth0", mode: "nat" });
      await Promise.all(SERVERS.map((name) => serveKeepingOpen(cluster.machine(name), 80)));
      const browser = new Browser(story, cluster.machine("client"));
      const trials = new Trials(story, director, browser);
      for (const { explanation, sites = false, cases } of PLACED) {
        story.explain(explanation);
        const reason = sites ? whyNot(WANTS_FIREWALL) : undefined;
        if (reason !== undefined) {
          story.leaveOut(cases.map(labelOf).join(", "), reason);
          continue;
        }
        if (sites) await takeInSites(story, director, cases);
        await trials.chapter(cases);
      }
      await playLots(story, director, browser);
    } finally {
      await cluster.remove();
    }
  },
};
