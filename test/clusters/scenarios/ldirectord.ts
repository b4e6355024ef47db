/** The real drop-in: Debian's ldirectord, which knows no other way to the kernel than the ipvsadm command, with ours as that. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Cluster, type Service } from "../cluster";
import { becomeDirector } from "../director";
import { Installed } from "../installed";
import { becomeRealServer } from "../real-server";
import { program, type Scenario, type Story } from "../story";
import { expectTable, hasTable, type Table } from "../table";
import { serve } from "../web";

/** On the one, a server that fails its check is quiesced; on the other it is removed. */
const QUIESCED = "192.168.0.38";
const REMOVED = "192.168.0.39";
const VIPS = [QUIESCED, REMOVED] as const;
const REAL_18 = "192.168.0.18";
const REAL_28 = "192.168.0.28";
/** Milliseconds: until its services stand, ldirectord has called ipvsadm forty times, one after the other. */
const PATIENCE = 900_000;

const DRAWING = `
client            director            real-18             real-28
192.168.0.100     192.168.0.8         ${REAL_18}        ${REAL_28}
                  ${QUIESCED} (VIP)  ${QUIESCED} on lo  ${QUIESCED} on lo
                  ${REMOVED} (VIP)  ${REMOVED} on lo  ${REMOVED} on lo
  │                 │                   │                   │
  └─────────────────┴───────── lan ─────┴───────────────────┘`;

const virtual = (vip: string, quiescent: "yes" | "no"): string => `
virtual = ${vip}:80
	real = ${REAL_18}:80 gate
	real = ${REAL_28}:80 gate
	scheduler = rr
	protocol = tcp
	service = http
	checktype = negotiate
	request = "/"
	receive = "real-"
	quiescent = ${quiescent}
`;

const CONFIGURATION = `checkinterval = 1
negotiatetimeout = 10
supervised = yes
cleanstop = yes
logfile = "/dev/stderr"
${virtual(QUIESCED, "yes")}${virtual(REMOVED, "no")}`;

/** The program at /usr/sbin/ipvsadm is ours; what it was called with and how it ended is kept for the end of the story. */
const drop = (calls: string): string => {
  const [ipvsadm] = program(["ipvsadm"]);
  return `#!/bin/sh
"${ipvsadm}" "$@"
status=$?
echo "$status $*" >>"${calls}"
exit $status
`;
};

/** Of every service: the weights of the servers, where they are in it. */
const table = (quiesced: Record<string, number>, removed: Record<string, number>): Table => {
  const onPort = (weights: Record<string, number>) =>
    Object.fromEntries(Object.entries(weights).map(([address, weight]) => [`${address}:80`, weight]));
  return { [`${QUIESCED}:80`]: onPort(quiesced), [`${REMOVED}:80`]: onPort(removed) };
};

const BOTH = table({ [REAL_18]: 1, [REAL_28]: 1 }, { [REAL_18]: 1, [REAL_28]: 1 });
const WITHOUT_18 = table({ [REAL_18]: 0, [REAL_28]: 1 }, { [REAL_28]: 1 });

const play = async (story: Story, cluster: Cluster): Promise<void> => {
  const client = cluster.machine("client");
  const director = cluster.machine("director");
  const real18 = cluster.machine("real-18");
  const real28 = cluster.machine("real-28");
  const expectAnswers = async (what: string, expected: Readonly<Record<string, number>>): Promise<void> => {
    for (const vip of VIPS) story.expect(`${what}, at ${vip}`, expected, await story.requests(client, `http://${vip}/`, 4));
  };
  const until = (ldirectord: Service, what: string, wanted: Table): Promise<void> =>
    ldirectord.until(what, (pid) => hasTable(pid, wanted), PATIENCE);

  story.explain("Two VIPs, and the same two web servers behind both.");
  await becomeDirector(story, director, VIPS, { dev: "eth0", mode: "dr" });
  for (const machine of [real18, real28]) await becomeRealServer(story, machine, VIPS);
  const web18 = await serve(real18);
  await serve(real28);

  story.explain("ldirectord asks every server for its page, every second. A server that fails is quiesced behind the one VIP, and removed behind the other.");
  const installed = new Installed(story, director);
  const calls = join(installed.folder, "calls");
  installed.put("/usr/sbin/ipvsadm", drop(calls), 0o755);
  installed.configure("/etc/ha.d/ldirectord.cf", CONFIGURATION);
  const ldirectord = installed.start("ldirectord", "start");
  await until(ldirectord, "done with its configuration", BOTH);
  await expectTable(story, director, "ldirectord has added both services and their servers", BOTH);
  await expectAnswers("both servers", { "real-18": 2, "real-28": 2 });

  story.explain("The web server of real-18 dies.");
  await web18.stop();
  await until(ldirectord, "rid of real-18", WITHOUT_18);
  await expectTable(story, director, "real-18 is quiesced (weight 0), and removed", WITHOUT_18);
  await expectAnswers("no request goes there", { "real-28": 4 });

  story.explain("It comes back.");
  await serve(real18);
  await until(ldirectord, "at work with real-18 again", BOTH);
  await expectTable(story, director, "real-18 has its weight again, and is there again", BOTH);
  await expectAnswers("both servers again", { "real-18": 2, "real-28": 2 });

  story.explain("ldirectord is stopped, and takes its services with it (cleanstop).");
  await story.command(director, "kill", String(ldirectord.pid));
  const status = await ldirectord.ended(PATIENCE);
  story.check("ldirectord has ended in good order", status === 0, `status ${status}`);
  await expectTable(story, director, "the table is empty", {});

  const made = readFileSync(calls, "utf8").trimEnd().split("\n");
  story.explain(`What ldirectord has called, each with its status:\n${made.join("\n")}`);
  const changes = made.filter((call) => !/^\d+ -L /.test(call));
  const bad = made.filter((call) => !call.startsWith("0 "));
  story.check(
    "every call of ipvsadm ended with status 0",
    made.length > 0 && changes.length > 0 && bad.length === 0,
    bad.join("; ") || `${made.length} calls, ${changes.length} of them changes`,
  );
};

export const ldirectord: Scenario = {
  name: "ldirectord",
  title: "The drop-in: ldirectord drives our ipvsadm as its servers come and go",

  async play(story) {
    story.drawing(DRAWING);
    const lan = (address: string) => ({ interfaces: { eth0: { network: "lan", addresses: [`${address}/24`] } } });
    const cluster = await Cluster.build({
      networks: ["lan"],
      machines: {
        director: lan("192.168.0.8"),
        "real-18": lan(REAL_18),
        "real-28": lan(REAL_28),
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
