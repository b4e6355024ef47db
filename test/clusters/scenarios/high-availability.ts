/** Debian's keepalived beside our ipvsadm: dead real servers leave, and a dead director does not take its connections with it. */
import { readFileSync } from "node:fs";
import { Cluster, type Machine, type Service } from "../cluster";
import { Conversation, echo } from "../conversation";
import { Installed } from "../installed";
import { becomeRealServer } from "../real-server";
import type { Scenario, Story } from "../story";
import { expectTable, hasTable, type Table } from "../table";
import { serve } from "../web";

const VIP = "192.168.0.38";
const REAL = { "real-18": "192.168.0.18", "real-28": "192.168.0.28" } as const;
const ECHO = 7;
/** keepalived looks at the servers every second, and several times more before it believes that one is dead. */
const PATIENCE = 600_000;

const DRAWING = `
client          director-a      director-b      real-18            real-28
192.168.0.100   192.168.0.8     192.168.0.9     192.168.0.18       192.168.0.28
                └ ${VIP}, which moves ┘   ${VIP} on lo ${VIP} on lo
  │               │               │               │                  │
  └───────────────┴────── lan ────┴───────────────┴──────────────────┘`;

const virtualServer = (port: number): string => `
virtual_server ${VIP} ${port} {
    protocol TCP
    lvs_sched rr
    lvs_method DR
    delay_loop 1
${Object.values(REAL).map((address) => `    real_server ${address} ${port} {
        TCP_CHECK {
            connect_timeout 3
            retry 1
            delay_before_retry 1
        }
    }
`).join("")}}
`;

const configuration = (name: string, priority: number): string => `global_defs {
    router_id ${name}
    vrrp_version 3
}

vrrp_instance lvs {
    state BACKUP
    interface eth0
    virtual_router_id 38
    priority ${priority}
    advert_int 0.5
    virtual_ipaddress {
        ${VIP}/32
    }
}
${virtualServer(80)}${virtualServer(ECHO)}`;

const table = (web: readonly string[]): Table => ({
  [`${VIP}:80`]: Object.fromEntries(web.map((address) => [`${address}:80`, 1])),
  [`${VIP}:${ECHO}`]: Object.fromEntries(Object.values(REAL).map((address) => [`${address}:${ECHO}`, 1])),
});

/** Whether an address of the process's namespace is the VIP. */
const hasVip = (pid: number): boolean => readFileSync(`/proc/${pid}/net/fib_trie`, "latin1").includes(`-- ${VIP}\n`);

/** How many established connections to the echo service the namespace knows, as /proc has them. */
const echoes = (pid: number): number =>
  readFileSync(`/proc/${pid}/net/ip_vs_conn`, "latin1")
    .split("\n")
    .filter((line) => / C0A80026 0007 \S+ \S+ ESTABLISHED /.test(line)).length;

const keepalived = (story: Story, director: Machine, priority: number): Service => {
  const installed = new Installed(story, director);
  installed.configure("/etc/keepalived/keepalived.conf", configuration(director.name, priority));
  return installed.start("keepalived", "--dont-fork", "--log-console", "--log-detail");
};

/** The process and its children: these first, lest they hear of their parent's death and say good-bye to the network. */
const withChildren = (pid: number): readonly string[] => [
  ...readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1").trim().split(" "),
  String(pid),
];

const play = async (story: Story, cluster: Cluster): Promise<void> => {
  const client = cluster.machine("client");
  const a = cluster.machine("director-a");
  const b = cluster.machine("director-b");
  const real18 = cluster.machine("real-18");
  const real28 = cluster.machine("real-28");
  const url = `http://${VIP}/`;

  story.explain("The real servers: a web server on port 80, and on port 7 one that repeats every line, with its name.");
  for (const machine of [real18, real28]) {
    await becomeRealServer(story, machine, [VIP]);
    await echo(machine, ECHO);
  }
  const web18 = await serve(real18);
  await serve(real28);

  story.explain(
    "Each director tells the other which connections it has (master), and listens to what the other tells (backup): so whichever has the VIP tells the one without.",
  );
  for (const director of [a, b]) {
    for (const role of ["master", "backup"]) {
      await story.command(director, "ipvsadm", "--start-daemon", role, "--mcast-interface", "eth0", "--syncid", "1");
    }
  }

  story.explain("keepalived on both: VRRP decides who has the VIP, and each looks after its own table.");
  const atA = keepalived(story, a, 150);
  const atB = keepalived(story, b, 100);
  const all = table([REAL["real-18"], REAL["real-28"]]);
  await atA.until("the VRRP master with its table", (pid) => hasVip(pid) && hasTable(pid, all), PATIENCE);
  await atB.until("the VRRP backup with its table", (pid) => !hasVip(pid) && hasTable(pid, all), PATIENCE);
  await story.command(a, "ip", "-brief", "-4", "address", "show", "eth0");
  await story.command(b, "ip", "-brief", "-4", "address", "show", "eth0");
  story.check("director-a, with the higher priority, has the VIP, and director-b has not", hasVip(atA.pid) && !hasVip(atB.pid));
  await expectTable(story, a, "keepalived has filled the master's table", all);
  await expectTable(story, b, "and the backup's in the same way", all);
  story.expect("both servers, in turn", { "real-18": 3, "real-28": 3 }, await story.requests(client, url, 6));

  story.explain("The web server of real-18 dies. TCP_CHECK notices, and keepalived takes it out of the table.");
  await web18.stop();
  const one = table([REAL["real-28"]]);
  for (const director of [atA, atB]) await director.until("without real-18:80", (pid) => hasTable(pid, one), PATIENCE);
  await expectTable(story, a, "the dead server has left the table", one);
  story.expect("no request fails after that", { "real-28": 6 }, await story.requests(client, url, 6));

  story.explain("It comes back.");
  await serve(real18);
  for (const director of [atA, atB]) await director.until("with real-18:80 again", (pid) => hasTable(pid, all), PATIENCE);
  await expectTable(story, a, "the server is in the table again", all);
  story.expect("both servers again", { "real-18": 3, "real-28": 3 }, await story.requests(client, url, 6));

  story.explain("A connection that stays. At its third packet, with the first line, director-a tells of it.");
  const kept = new Conversation(story, client, VIP, ECHO);
  const first = await kept.ask("one");
  await atB.until("told of the connection", (pid) => echoes(pid) === 1, PATIENCE);
  const known = await story.command(b, "ipvsadm", "-Lnc");
  story.check("director-b knows the connection", known.split("\n").some((line) => line.includes("ESTABLISHED") && line.includes(`${VIP}:${ECHO}`)));

  story.explain("Another one, of which director-a tells nobody: its master daemon has been stopped.");
  await story.command(a, "ipvsadm", "--stop-daemon", "master");
  const lost = new Conversation(story, client, VIP, ECHO);
  const second = await lost.ask("a");
  story.check("each connection has a server of its own", first !== undefined && second !== undefined && first.split(" ")[0] !== second.split(" ")[0], `${first}; ${second}`);
  story.check("of both, director-b knows one", echoes(atA.pid) === 2 && echoes(atB.pid) === 1);

  story.explain("director-a dies: keepalived is killed, before it can say good-bye, and the cable is out.");
  const died = performance.now();
  await story.command(a, "kill", "-KILL", ...withChildren(atA.pid));
  await story.command(a, "ip", "link", "set", "eth0", "down");
  await atB.until("the VRRP master", hasVip, PATIENCE);
  const moved = ((performance.now() - died) / 1000).toFixed(1);
  await story.command(b, "ip", "-brief", "-4", "address", "show", "eth0");
  story.check("the VIP has moved to director-b", hasVip(atB.pid), `in ${moved} s`);

  const server = first?.split(" ")[0];
  const third = await kept.ask("two");
  story.check("the connection goes on, with the same server", third === `${server} two`, third);
  story.check("the one that director-b was not told of does not", (await lost.ask("b")) === undefined);
  story.expect("new connections are balanced by director-b", { "real-18": 3, "real-28": 3 }, await story.requests(client, url, 6));
};

export const highAvailability: Scenario = {
  name: "high-availability",
  title: "High availability: two directors with keepalived, and connections that outlive a director",

  async play(story) {
    story.drawing(DRAWING);
    const lan = (address: string) => ({ interfaces: { eth0: { network: "lan", addresses: [`${address}/24`] } } });
    const cluster = await Cluster.build({
      networks: ["lan"],
      machines: {
        "director-a": lan("192.168.0.8"),
        "director-b": lan("192.168.0.9"),
        "real-18": lan(REAL["real-18"]),
        "real-28": lan(REAL["real-28"]),
        client: lan("192.168.0.100"),
      },
    });
    try {
      await play(story, cluster);
    } finally {
      await cluster.remove();
    }
  },
};
