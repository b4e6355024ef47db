/** A VIP on a device of a VRF: start names the routes that IPVS does not find, and with them clients are served. */
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { problems, type Suite } from "../lab";
import { listening } from "./outer";

const VIP4 = "10.99.1.38";
const VIP6 = "2001:db8:1::38";
const [NET4, NET6] = ["10.99.1.0/24", "2001:db8:1::/64"];
const WHY = "wan: it is in the VRF blue, and IPVS looks in the main table for the way to servers and clients";
const missing = (network: string): string => `lvs-director: ${WHY}, which has no route to ${network} by wan (ip route add ${network} dev wan)\n`;

export const vrf: Suite = {
  name: "vrf",
  run: (lab, report) =>
    lab.within(3, async (machine, client, server) => {
      const note = (what: string, found: readonly string[]): void => report.note(`vrf: ${what}`, found);
      const start = (...words: string[]) => machine.program("lvs-director", ["start", ...words, "--dev", "wan", "--mode", "nat"]);
      const up = (device: string): string => `ip link set ${device} addrgenmode none up`;
      await machine.must(`modprobe vrf && ip link add blue type vrf table 10 && ip link set blue up
ip link add wan type veth peer name wan netns ${client.name} && ip link set wan master blue && ${up("wan")}
ip link add lan type veth peer name lan netns ${server.name} && ${up("lan")}
ip address add 10.99.1.8/24 dev wan && ip address add 2001:db8:1::8/64 dev wan nodad
ip address add 10.99.2.8/24 dev lan && ip address add 2001:db8:2::8/64 dev lan nodad`);
      // For packets that it forwards, the kernel asks for neighbours by link-local addresses only (ndisc_solicit,
      // net/ipv6/ndisc.c).
      await machine.must("for device in wan lan; do ip address add fe80::8/64 dev $device nodad; done");
      await client.must(`${up("wan")} && ip address add 10.99.1.100/24 dev wan && ip address add 2001:db8:1::100/64 dev wan nodad`);
      await server.must(`${up("lan")} && ip address add 10.99.2.18/24 dev lan && ip address add 2001:db8:2::18/64 dev lan nodad
ip route add default via 10.99.2.8 && ip -6 route add default via 2001:db8:2::8`);
      await machine.must(`ipvsadm -A -t ${VIP4}:80 -s rr && ipvsadm -a -t ${VIP4}:80 -r 10.99.2.18:80 -m
ipvsadm -A -t [${VIP6}]:80 -s rr && ipvsadm -a -t [${VIP6}]:80 -r [2001:db8:2::18]:80 -m`);
      writeFileSync(join(lab.folder, "index.html"), "served\n");
      const answers = async (): Promise<string> => (await client.shell(`curl --globoff --silent --max-time 6 http://${VIP4}/ "http://[${VIP6}]/"`)).stdout;
      const [nsenter = "", ...words] = server.words("busybox", "httpd", "-f", "-p", "80", "-h", lab.folder);
      const web = spawn(nsenter, words, { stdio: "ignore" });
      try {
        await listening(server);
        note("each IP's missing route is named", problems(await start(VIP4, VIP6), { stderr: missing(NET4) + missing(NET6) }));
        const before = await answers();
        note("and nobody is served", before === "" ? [] : [before]);
        await machine.must(`ip route add ${NET4} dev wan`);
        note("the one that is left is named", problems(await start(VIP4, VIP6), { stderr: missing(NET6) }));
        note("of the VIP's own IP only", problems(await start(VIP4)));
        await machine.must(`ip route add ${NET6} dev wan`);
        note("with both, nothing is said", problems(await start(VIP4, VIP6)));
        const after = await answers();
        note("and both are served", after === "served\n".repeat(2) ? [] : [JSON.stringify(after)]);
        note("all stops", problems(await machine.program("lvs-director", ["stop", "--all"])));
      } finally {
        web.kill();
      }
    }),
};
