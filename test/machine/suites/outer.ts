/** Tunnels of the other IP: IPv4 in IPv6 and IPv6 in IPv4, to a real server that has the VIPs of both, as IPVS sends them. */
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Namespace, problems, type Suite } from "../lab";

const VIP4 = "10.99.1.38";
const VIP6 = "2001:db8:1::38";
const PATIENCE = 60_000;
/** Options of ipvsadm by the tunnel. */
const KINDS: Readonly<Record<string, string>> = { ipip: "", gre: "--tun-type gre", gue: "--tun-type gue --tun-port 6080" };

export const outer: Suite = {
  name: "outer",
  run: (lab, report) =>
    lab.within(3, async (machine, client, server) => {
      const note = (what: string, found: readonly string[]): void => report.note(`outer: ${what}`, found);
      await machine.must(`ip link add wan type veth peer name wan netns ${client.name} && ip link add lan type veth peer name lan netns ${server.name}`);
      await server.must(`ip link add back type veth peer name back netns ${client.name} && sysctl -qw net.ipv6.conf.back.accept_dad=0`);
      await client.must("sysctl -qw net.ipv6.conf.back.accept_dad=0");
      const up = (device: string): string => `ip link set ${device} addrgenmode none up`;
      await machine.must(`ip address add 10.99.1.8/24 dev wan && ip address add 2001:db8:1::8/64 dev wan nodad && ${up("wan")}`);
      await machine.must(`ip address add 10.99.2.8/24 dev lan && ip address add 2001:db8:2::8/64 dev lan nodad && ${up("lan")}`);
      await client.must(`ip address add 10.99.1.100/24 dev wan && ip address add 2001:db8:1::100/64 dev wan nodad && ${up("wan")}`);
      await client.must(`ip address add 10.99.4.100/24 dev back && ip address add 2001:db8:4::100/64 dev back nodad && ip link set back up`);
      await server.must(`ip address add 10.99.2.18/24 dev lan && ip address add 2001:db8:2::18/64 dev lan nodad && ${up("lan")}`);
      await server.must(`ip address add 10.99.4.18/24 dev back && ip address add 2001:db8:4::18/64 dev back nodad && ip link set back up`);
      // Answers go past the director.
      await server.must("ip route add 10.99.1.100 via 10.99.4.100 && ip -6 route add 2001:db8:1::100 via 2001:db8:4::100");
      const page = join(lab.folder, "index.html");
      writeFileSync(page, "served\n");
      const [nsenter = "", ...words] = server.words("busybox", "httpd", "-f", "-p", "80", "-h", lab.folder);
      const web = spawn(nsenter, words, { stdio: "ignore" });
      try {
        await listening(server);
        note("the director starts", problems(await machine.program("lvs-director", ["start", VIP4, VIP6, "--dev", "wan", "--mode", "tun"])));
        const before = await server.snapshot();
        for (const [kind, options] of Object.entries(KINDS)) {
          await machine.must(`
ipvsadm -C
ipvsadm -A -t ${VIP4}:80 -s rr && ipvsadm -a -t ${VIP4}:80 -r [2001:db8:2::18]:80 -i ${options}
ipvsadm -A -t [${VIP6}]:80 -s rr && ipvsadm -a -t [${VIP6}]:80 -r 10.99.2.18:80 -i ${options}`);
          const answers = async (): Promise<string> => (await client.shell(`curl --globoff --silent --max-time 6 http://${VIP4}/ "http://[${VIP6}]/"`)).stdout;
          if (kind === "ipip") {
            note("without --outer, each VIP's tunnel is of its own IP", problems(await server.realServer("start", VIP4, VIP6, "--tunnel", kind)));
            const found = await answers();
            note("and nothing is unwrapped", found === "" ? [] : [found]);
            note("that stops", problems(await server.realServer("stop", "--all")));
          }
          note(`${kind}: IPv4 in IPv6 starts`, problems(await server.realServer("start", VIP4, "--tunnel", kind, "--outer", "ipv6")));
          note(`${kind}: IPv6 in IPv4 starts`, problems(await server.realServer("start", VIP6, "--tunnel", kind, "--outer", "ipv4")));
          const found = await answers();
          note(`${kind}: both are answered`, found === "served\n".repeat(2) ? [] : [JSON.stringify(found)]);
          const status = await server.realServer("status");
          note(`${kind}: both are active`, status.status === 0 ? [] : [JSON.stringify(status)]);
          note(`${kind}: both stop, with everything as it was`, [...problems(await server.realServer("stop", "--all")), ...(await server.since(before))]);
          const rehearsed = await server.realServer("start", VIP4, "--tunnel", kind, "--outer", "ipv6", "--dry-run");
          await server.must(rehearsed.stdout);
          const byHand = await server.realServer("status", VIP4, "--tunnel", kind, "--outer", "ipv6");
          note(`${kind}: the commands of a dry run do the same`, byHand.status === 0 ? [] : [rehearsed.stdout, byHand.stdout]);
          await server.must(`ip link delete lvs-ip6tnl 2>/dev/null; ip fou del port 6080 -6 2>/dev/null; ip address delete ${VIP4}/32 dev ip6gre0 2>/dev/null; ip link set ip6gre0 down
sysctl -qw net.ipv4.conf.all.arp_ignore=0 net.ipv4.conf.all.arp_announce=0 net.ipv4.conf.ip6gre0.rp_filter=0`);
        }
        note("the director stops", problems(await machine.program("lvs-director", ["stop", "--all"])));
      } finally {
        web.kill();
      }
    }),
};

/** Waits for the server's page. */
export async function listening(server: Namespace): Promise<void> {
  const deadline = Date.now() + PATIENCE;
  while ((await server.shell("curl --silent --max-time 1 http://10.99.2.18/")).stdout !== "served\n") {
    if (Date.now() > deadline) throw new Error("the web server does not answer");
    await pause(100);
  }
}
