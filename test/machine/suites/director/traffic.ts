/** FullNAT and NAT with real requests: servers in another network than the client's, with and without a way back. */
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { WANTS_FIREWALL, whyNot } from "../../../lab/kernel";
import { type Namespace, problems, type Suite } from "../../lab";

const VIPS = ["10.99.1.38", "2001:db8:1::38"];
const SERVERS = ["10.99.2.18", "2001:db8:2::18"];
const bracketed = (address: string): string => (address.includes(":") ? `[${address}]` : address);
const PATIENCE = 600_000;
const REQUESTS = 5;

export const directorTraffic: Suite = {
  name: "director-traffic",
  run: (lab, report) =>
    lab.within(3, async (machine, client, server) => {
      const note = (what: string, found: readonly string[]): void => report.note(`director-traffic: ${what}`, found);
      const director = (...words: string[]) => machine.program("lvs-director", words);
      await machine.must(`ip link add wan type veth peer name wan netns ${client.name} && ip link add lan type veth peer name lan netns ${server.name}`);
      await machine.must("ip address add 10.99.1.8/24 dev wan && ip address add 2001:db8:1::8/64 dev wan nodad && ip link set wan addrgenmode none up");
      // A router asks for a neighbour by its link-local address (ndisc_send_ns).
      const lan = ["10.99.2.8/24", "2001:db8:2::8/64 nodad", "fe80::8/64 nodad"].map((address) => `ip address add ${address} dev lan`);
      await machine.must(`${lan.join(" && ")} && ip link set lan addrgenmode none up`);
      await client.must("ip address add 10.99.1.100/24 dev wan && ip address add 2001:db8:1::100/64 dev wan nodad && ip link set wan addrgenmode none up");
      await server.must("ip address add 10.99.2.18/24 dev lan && ip address add 2001:db8:2::18/64 dev lan nodad && ip link set lan addrgenmode none up");
      const page = join(lab.folder, "index.html");
      writeFileSync(page, "served\n");
      const [nsenter = "", ...words] = server.words("busybox", "httpd", "-f", "-p", "80", "-h", lab.folder);
      const web = spawn(nsenter, words, { stdio: "ignore" });
      try {
        await listening(server);
        const before = await machine.snapshot();
        for (const [index, vip] of VIPS.entries()) {
          const service = `${bracketed(vip)}:80`;
          await machine.must(`ipvsadm -A -t ${service} -s rr && ipvsadm -a -t ${service} -r ${bracketed(SERVERS[index] ?? "")}:80 -m`);
        }
        const ask = async (address: string, count: number, seconds: number): Promise<string> =>
          (await client.shell(`curl --globoff --silent --max-time ${seconds}${` http://${bracketed(address)}/`.repeat(count)}`)).stdout;
        const answered = async (vip: string): Promise<string[]> => ((await ask(vip, REQUESTS, 120)) === "served\n".repeat(REQUESTS) ? [] : ["not answered"]);
        const unanswered = async (address: string): Promise<string[]> => ((await ask(address, 1, 1)) === "" ? [] : ["answered"]);

        const reason = whyNot(WANTS_FIREWALL);
        if (reason !== undefined) report.leaveOut("director-traffic: fullnat", reason);
        else await fullnat();

        note("nat starts", problems(await director("start", ...VIPS, "--dev", "wan", "--mode", "nat")));
        for (const vip of VIPS) note(`nat: ${vip} is not answered by a server without a route to the client`, await unanswered(vip));
        await server.must("ip route add default via 10.99.2.8 && ip -6 route add default via 2001:db8:2::8");
        for (const vip of VIPS) note(`nat: ${vip} is answered`, await answered(vip));
        note("nat stops", problems(await director("stop", "--all")));
        note("and everything is as it was", await machine.since(before));

        async function fullnat(): Promise<void> {
          const networks = ["--server-net", "10.99.2.0/24", "--server-net", "2001:db8:2::/64"];
          note("fullnat starts", problems(await director("start", ...VIPS, "--dev", "wan", "--mode", "fullnat", ...networks)));
          for (const vip of VIPS) note(`fullnat: ${vip} is answered by a server without a route to the client`, await answered(vip));
          // Of other traffic to the servers, nothing is touched: without a way back, the client hears nothing.
          await client.must("ip route add 10.99.2.0/24 via 10.99.1.8 && ip -6 route add 2001:db8:2::/64 via 2001:db8:1::8");
          for (const address of SERVERS) note(`fullnat: requests to ${address} itself keep their source`, await unanswered(address));
          note("fullnat stops", problems(await director("stop", "--all")));
          note("and everything is as it was", await machine.since(before));
        }
      } finally {
        web.kill();
      }
    }),
};

async function listening(server: Namespace): Promise<void> {
  const deadline = Date.now() + PATIENCE;
  while ((await server.shell("curl --silent --max-time 10 http://10.99.2.18/")).stdout !== "served\n") {
    if (Date.now() > deadline) throw new Error("the web server does not answer");
    await pause(100);
  }
}
