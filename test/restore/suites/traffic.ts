/** Half of the servers of a service are replaced while clients use it: by ours with and without --drain, and by 1.31. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { rules } from "../../differential/cases/case";
import type { Report } from "../../differential/suites/suite";
import { Cluster, type Outcome, type Words } from "../../clusters/cluster";
import { Helper } from "../helper";
import { RESTORE, type Suite } from "../lab";

/** A smaller table is restored by 1.31 before a client notices. */
const SERVICES = 2_000;
/** Of all clients, at least. */
const REQUESTS = 2_000;
const CLIENTS = 16;
/** Each of a request's two answers takes as long, in milliseconds. */
const DELAY = 50;
const VIRTUAL = "192.168.7.100";
const PORT = 80;

const CLUSTER = {
  networks: ["front", "back"],
  machines: {
    client: { interfaces: { eth0: { network: "front", addresses: ["192.168.7.2/24"] } } },
    director: {
      interfaces: {
        eth0: { network: "front", addresses: ["192.168.7.1/24", `${VIRTUAL}/24`] },
        eth1: { network: "back", addresses: ["10.7.0.1/24"] },
      },
      sysctls: { "net.ipv4.ip_forward": 1 },
    },
    servers: {
      interfaces: { eth0: { network: "back", addresses: [11, 12, 13, 14, 15, 16].map((last) => `10.7.0.${last}/24`) } },
      routes: [["default", "via", "10.7.0.1"]],
    },
  },
};

/** A table at the end of which the service stands, with these servers: 1.31 comes to it last. */
const table = (...servers: number[]): string =>
  rules(
    ...Array.from({ length: SERVICES }, (_, number) =>
      number === SERVICES - 1
        ? [`-A -t ${VIRTUAL}:${PORT} -s rr`, ...servers.map((last) => `-a -t ${VIRTUAL}:${PORT} -r 10.7.0.${last}:${PORT} -m`)]
        : [`-A -t 10.${30 + (number >> 8)}.${number & 255}.1:80 -s wlc`, `-a -t 10.${30 + (number >> 8)}.${number & 255}.1:80 -r 10.7.0.9:80 -m`],
    ).flat(),
  );
const OLD = table(11, 12, 13, 14);
const NEW = table(13, 14, 15, 16);

interface Way {
  readonly name: string;
  readonly words: Words;
  /** Read from standard input. */
  readonly stdin?: string;
  /** What must be true of the failed requests. */
  readonly failures?: "none" | "some";
}

const Counted = z.object({ requests: z.number(), failures: z.record(z.string(), z.number()) });

export const traffic: Suite = {
  name: "traffic",
  run: async (lab, report) => {
    const [old, wanted] = [join(lab.folder, "old.rules"), join(lab.folder, "new.rules")];
    writeFileSync(old, OLD);
    writeFileSync(wanted, NEW);
    const ways: readonly Way[] = [
      { name: "ipvsadm-restore --drain 15", words: [RESTORE, "--drain", "15", wanted], failures: "none" },
      { name: "ipvsadm-restore", words: [RESTORE, wanted] },
      { name: "ipvsadm-restore 1.31", words: ["/sbin/ipvsadm-restore"], stdin: NEW, failures: "some" },
    ];
    const cluster = await Cluster.build(CLUSTER);
    const helpers: Helper[] = [];
    try {
      const director = cluster.machine("director");
      await cluster.machine("servers").start([process.execPath, join(__dirname, "web.cjs"), String(PORT), String(DELAY)]).listening(PORT);
      const clients = new Helper("clients.cjs", [VIRTUAL, PORT, CLIENTS, REQUESTS].map(String), "client");
      helpers.push(clients);
      for (const way of ways) {
        await director.run([RESTORE, "--clear", old]);
        await clients.ask("go");
        const start = Date.now();
        const outcome = await director.attempt(way.words, way.stdin);
        const seconds = ((Date.now() - start) / 1000).toFixed(1);
        const { requests, failures } = Counted.parse(JSON.parse(await clients.ask("stop")));
        const failed = Object.values(failures).reduce((sum, count) => sum + count, 0);
        const why = Object.entries(failures).map(([what, count]) => `${what} ${count}`).join(", ");
        console.log(`traffic: ${way.name}, ${SERVICES} services, ${seconds} s: of ${requests} requests of ${CLIENTS} clients, ${failed} failed${why === "" ? "" : ` (${why})`}`);
        judge(report, way, outcome, failed, await director.run(["cat", "/proc/net/ip_vs"]));
      }
    } finally {
      for (const helper of helpers) helper.close();
      await cluster.remove();
    }
  },
};

function judge(report: Report, { name, failures }: Way, { stdout, stderr, status }: Outcome, failed: number, table: string): void {
  const servers = [11, 12, 13, 14, 15, 16].filter((last) => table.includes(`0A0700${last.toString(16).toUpperCase().padStart(2, "0")}:`));
  report.note(`traffic: ${name}`, [
    ...(status === 0 && stdout === "" && stderr === "" ? [] : [JSON.stringify({ stdout, stderr, status })]),
    ...(servers.join(" ") === "13 14 15 16" ? [] : [`the servers are ${servers.join(" ")}`]),
    ...(failures === "none" && failed > 0 ? [`${failed} requests failed`] : []),
    ...(failures === "some" && failed === 0 ? ["no request failed: the traffic proves nothing"] : []),
  ]);
}
