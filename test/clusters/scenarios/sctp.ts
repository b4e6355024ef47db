/** SCTP, the third protocol that IPVS balances. */
import { existsSync, readFileSync } from "node:fs";
import { Cluster, type Machine } from "../cluster";
import { becomeDirector } from "../director";
import type { Answers, Scenario, Story } from "../story";

const VIP = "192.168.0.38";
const VIP6 = "fd00:192::38";
const PORT = 9899;
const SERVERS = [
  { name: "real-1", address: "10.0.0.11", address6: "fd00:10::11" },
  { name: "real-2", address: "10.0.0.12", address6: "fd00:10::12" },
] as const;

const inside = ({ address, address6 }: { address: string; address6: string }) => ({
  interfaces: { eth0: { network: "inside", addresses: [`${address}/24`, `${address6}/64`] } },
  routes: [["default", "via", "10.0.0.1"], ["default", "via", "fd00:10::1"]],
});

/** Says its name to whoever connects, one family a process. */
const serve = async (machine: Machine, family: "-4" | "-6"): Promise<void> => {
  const service = machine.start(["ncat", "--sctp", family, "--listen", "--keep-open", "--sh-exec", `echo ${machine.name}`, String(PORT)]);
  // Each line is a listening socket: its port stands among the columns.
  const listening = new RegExp(` ${PORT} +\\d+ +\\d+ +${family === "-4" ? "0\\.0\\.0\\.0" : "[0:]+"} *$`, "m");
  await service.until(`listening on port ${PORT}`, (pid) => {
    const table = `/proc/${pid}/net/sctp/eps`; // there once the kernel has loaded SCTP
    return existsSync(table) && listening.test(readFileSync(table, "latin1"));
  });
};

const ask = async (story: Story, client: Machine, address: string, count: number): Promise<Answers> => {
  const answers: string[] = [];
  for (let request = 0; request < count; request++) {
    answers.push((await story.attempt(client, "ncat", "--sctp", "--recv-only", "-w", "5", address, String(PORT))).stdout.trim());
  }
  story.answered(answers);
  return answers;
};

export const sctp: Scenario = {
  name: "sctp",
  title: "SCTP, balanced like TCP, over IPv4 and IPv6",

  async play(story) {
    story.drawing(`
client            director                      real-1             real-2
192.168.0.100     192.168.0.8       10.0.0.1    10.0.0.11:9899     10.0.0.12:9899
fd00:192::100     fd00:192::8       fd00:10::1  fd00:10::11        fd00:10::12
                  192.168.0.38 (VIP)
                  fd00:192::38 (VIP)
  │                 │                 │           │                  │
  └──── outside ────┘                 └───────────┴──── inside ──────┘`);
    const outside = (...addresses: string[]) => ({ eth0: { network: "outside", addresses } });
    const cluster = await Cluster.build({
      networks: ["outside", "inside"],
      machines: {
        client: { interfaces: outside("192.168.0.100/24", "fd00:192::100/64") },
        director: {
          interfaces: {
            ...outside("192.168.0.8/24", "fd00:192::8/64"),
            eth1: { network: "inside", addresses: ["10.0.0.1/24", "fd00:10::1/64"] },
          },
        },
        "real-1": inside(SERVERS[0]),
        "real-2": inside(SERVERS[1]),
      },
    });
    try {
      const director = cluster.machine("director");
      const client = cluster.machine("client");
      for (const { name } of SERVERS) {
        for (const family of ["-4", "-6"] as const) await serve(cluster.machine(name), family);
      }
      await becomeDirector(story, director, [VIP, VIP6], { dev: "eth0", mode: "nat" });

      story.explain("A service of its own kind: --sctp-service, with everything that TCP's have.");
      await story.command(director, "ipvsadm", "-A", "--sctp-service", `${VIP}:${PORT}`, "-s", "rr");
      for (const { address } of SERVERS) {
        await story.command(director, "ipvsadm", "-a", "--sctp-service", `${VIP}:${PORT}`, "-r", `${address}:${PORT}`, "-m");
      }
      await story.rules(
        director,
        `-A --sctp-service [${VIP6}]:${PORT} -s rr`,
        ...SERVERS.map(({ address6 }) => `-a --sctp-service [${VIP6}]:${PORT} -r [${address6}]:${PORT} -m`),
      );
      await story.command(director, "ipvsadm", "-Ln");
      story.expect("rr over SCTP", { "real-1": 2, "real-2": 2 }, await ask(story, client, VIP, 4));
      story.expect("rr over SCTP and IPv6", { "real-1": 2, "real-2": 2 }, await ask(story, client, VIP6, 4));
      await story.command(director, "ipvsadm", "-Lnc");
    } finally {
      await cluster.remove();
    }
  },
};
