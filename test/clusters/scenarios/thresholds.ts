/** Thresholds: a server that has as many connections as -x says gets no more until it has fewer than -y says. */
import { Browser, type Order, serveKeepingOpen } from "../browser";
import { Cluster, type Machine } from "../cluster";
import { becomeDirector } from "../director";
import { becomeRealServer } from "../real-server";
import type { Scenario } from "../story";
import { until } from "../wait";

const VIP = "192.168.0.38";
const FIRST = "192.168.0.18";
const SPARE = "192.168.0.28";
/** One service with both thresholds, one with the upper alone. */
const PORTS = { both: 80, upper: 81 };

const DRAWING = `
client            director            first               spare
192.168.0.100     192.168.0.8         ${FIRST}        ${SPARE}
                  ${VIP} (VIP)  at most 4           any number
  │                 │                   │                   │
  └─────────────────┴───────── lan ─────┴───────────────────┘`;

const lan = (address: string) => ({ interfaces: { eth0: { network: "lan", addresses: [`${address}/24`] } } });

/** Connections that the director remembers of a server and a port, the closing ones too: that is what thresholds count. */
const connections = async (director: Machine, address: string, port: number): Promise<number> => {
  const hex = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, "0");
  const server = `${address.split(".").map((part) => hex(Number(part), 2)).join("")}:${hex(port, 4)}`;
  const line = (await director.run(["cat", "/proc/net/ip_vs"])).split("\n").find((text) => text.includes(`-> ${server} `));
  const [, active, inactive] = /(\d+) +(\d+) *$/.exec(line ?? "") ?? [];
  if (active === undefined || inactive === undefined) throw new Error(`the director has no server ${address}:${port}`);
  return Number(active) + Number(inactive);
};

const open = (port: number, ...numbers: readonly number[]): readonly Order[] =>
  numbers.map((number) => ({ open: port * 100 + number, to: { address: VIP, port } }));
const close = (port: number, ...numbers: readonly number[]): readonly Order[] =>
  numbers.map((number) => ({ close: port * 100 + number }));

export const thresholds: Scenario = {
  name: "thresholds",
  title: "Thresholds: no new connections past -x, until there are fewer than -y",

  async play(story) {
    story.drawing(DRAWING);
    const cluster = await Cluster.build({
      networks: ["lan"],
      machines: { director: lan("192.168.0.8"), first: lan(FIRST), spare: lan(SPARE), client: lan("192.168.0.100") },
    });
    try {
      const director = cluster.machine("director");
      await becomeDirector(story, director, [VIP], { dev: "eth0", mode: "dr" });
      for (const name of ["first", "spare"]) {
        await becomeRealServer(story, cluster.machine(name), [VIP]);
        await serveKeepingOpen(cluster.machine(name), ...Object.values(PORTS));
      }
      const browser = new Browser(story, cluster.machine("client"));

      story.explain(
        "fo gives everything to the heaviest server that may have it. That one has thresholds: 4 and 2 for port 80, 4 alone" +
          " for port 81. The director remembers closed connections for a second, instead of two minutes, so that we need" +
          " not wait: they count until they are forgotten.",
      );
      await story.command(director, "ipvsadm", "--set", "900", "1", "300");
      await story.rules(
        director,
        ...Object.values(PORTS).flatMap((port) => [
          `-A -t ${VIP}:${port} -s fo`,
          `-a -t ${VIP}:${port} -r ${FIRST}:${port} -g -w 2 -x 4${port === PORTS.both ? " -y 2" : ""}`,
          `-a -t ${VIP}:${port} -r ${SPARE}:${port} -g -w 1`,
        ]),
      );

      story.explain("Six connections come and stay. The fifth is past the threshold.");
      const six = await browser.ask(open(PORTS.both, 1, 2, 3, 4, 5, 6));
      story.expect("-x 4 -y 2: six come and stay", ["first", "first", "first", "first", "spare", "spare"], six);
      await story.command(director, "ipvsadm", "-Ln", "--thresholds");

      story.explain("Two of the four leave. Two are left, which is not below 2: the next goes to the spare server.");
      await browser.do(close(PORTS.both, 1, 2));
      await until("forgotten", async () => (await connections(director, FIRST, PORTS.both)) === 2);
      story.expect("-x 4 -y 2: two of four left", ["spare"], await browser.ask(open(PORTS.both, 7)));

      story.explain("One more leaves: one is below 2. The first server gets connections again, until there are four.");
      await browser.do(close(PORTS.both, 3));
      await until("forgotten", async () => (await connections(director, FIRST, PORTS.both)) === 1);
      const four = await browser.ask(open(PORTS.both, 8, 9, 10, 11));
      story.expect("-x 4 -y 2: one of four left", ["first", "first", "first", "spare"], four);

      story.explain("Without -y the server gets connections again below three quarters of -x: with two of four, not with three.");
      const five = await browser.ask(open(PORTS.upper, 1, 2, 3, 4, 5));
      story.expect("-x 4: five come and stay", ["first", "first", "first", "first", "spare"], five);
      await browser.do(close(PORTS.upper, 1));
      await until("forgotten", async () => (await connections(director, FIRST, PORTS.upper)) === 3);
      story.expect("-x 4: three of four left", ["spare"], await browser.ask(open(PORTS.upper, 6)));
      await browser.do(close(PORTS.upper, 2));
      await until("forgotten", async () => (await connections(director, FIRST, PORTS.upper)) === 2);
      const again = await browser.ask(open(PORTS.upper, 7, 8, 9));
      story.expect("-x 4: two of four left", ["first", "first", "spare"], again);
    } finally {
      await cluster.remove();
    }
  },
};
