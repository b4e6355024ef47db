/** FRR: ospfd for IPv4 and ospf6d for IPv6, with zebra, which talks to the kernel. */
import { existsSync } from "node:fs";
import type { Service } from "../cluster";
import { Installed } from "../installed";
import { DEAD, end, HELLO, type MakeDaemon, type RoutingDaemon, type Speaker } from "./daemon";

const CONFIGURATION = "/etc/frr/frr.conf";
/** As the package makes them. */
const USER = "950";
const USERS = [`frr:x:${USER}:${USER}:Frr routing suite:/nonexistent:/usr/sbin/nologin`];
const GROUPS = [`frr:x:${USER}:`, "frrvty:x:951:frr"];
const PAM = "auth sufficient pam_permit.so\naccount sufficient pam_permit.so\n";
const PATIENCE = 120_000;

const LOOPBACK = `interface lo
 ip ospf area 0
 ip ospf passive
 ipv6 ospf6 area 0
 ipv6 ospf6 passive
!
`;

/** Two ways or sixteen: as many as there are directors. */
const ECMP = " maximum-paths 16\n";
/** By default FRR waits a moment before it computes routes again, and longer each time. */
const SOON = " timers throttle spf 10 100 1000\n";

export const frrConfiguration = ({ machine, routerId, dev, role }: Speaker): string => {
  const priority = role === "router" ? 100 : 0;
  const more = role === "router" ? `${ECMP}${SOON}` : "";
  return `hostname ${machine.name}
!
interface ${dev}
 ip ospf area 0
 ip ospf hello-interval ${HELLO}
 ip ospf dead-interval ${DEAD}
 ip ospf priority ${priority}
 ipv6 ospf6 area 0
 ipv6 ospf6 hello-interval ${HELLO}
 ipv6 ospf6 dead-interval ${DEAD}
 ipv6 ospf6 priority ${priority}
!
${role === "director" ? LOOPBACK : ""}router ospf
 ospf router-id ${routerId}
${more}!
router ospf6
 ospf6 router-id ${routerId}
${more}!
`;
};

export const frr: MakeDaemon = async (story, speaker, tree): Promise<RoutingDaemon> => {
  const { machine } = speaker;
  const installed = new Installed(story, machine, tree);
  installed.putUsers(USERS, GROUPS);
  // vtysh asks PAM, whose common files are made by installing it: a tree that was only unpacked has none.
  if (tree !== undefined) for (const name of ["frr", "other"]) installed.put(`/etc/pam.d/${name}`, PAM);
  installed.configure(CONFIGURATION, frrConfiguration(speaker));
  const view = await installed.share();
  // What it would leave on this machine's disk: in /var/tmp the last words of a daemon that crashes.
  if (tree === undefined) await view.run("mount", "-t", "tmpfs", "var", "/var/tmp");
  const folders = ["/run/frr", ...(tree === undefined ? [] : ["/var/tmp/frr", "/var/lib/frr", "/var/log/frr"])];
  await view.run("install", "-d", "-o", USER, "-g", USER, ...folders.map((folder) => `${view.root}${folder}`));
  let running: readonly Service[] = [];

  const start = (name: string, socket: string): Service => {
    const service = view.start(`/usr/lib/frr/${name}`);
    waiting.push(service.until("ready", (pid) => existsSync(`/proc/${pid}/root/run/frr/${socket}`), PATIENCE));
    return service;
  };
  let waiting: Promise<void>[] = [];

  return {
    start: async () => {
      await view.run("sh", "-c", `rm -f ${view.root}/run/frr/*.vty ${view.root}/run/frr/zserv.api`);
      waiting = [];
      const zebra = start("zebra", "zserv.api");
      await Promise.all(waiting);
      running = [start("ospfd", "ospfd.vty"), start("ospf6d", "ospf6d.vty"), zebra];
      waiting.push(zebra.until("ready", (pid) => existsSync(`/proc/${pid}/root/run/frr/zebra.vty`), PATIENCE));
      await Promise.all(waiting);
      await view.command("vtysh", "-b");
    },
    stop: () => end(story, machine, running, "TERM"),
    kill: () => end(story, machine, running, "KILL"),
    neighbours: async () => {
      const v4 = await view.command("vtysh", "-c", "show ip ospf neighbor");
      return v4 + (await view.command("vtysh", "-c", "show ipv6 ospf6 neighbor"));
    },
  };
};
