/** BIRD: one daemon for both families. */
import { existsSync } from "node:fs";
import type { Service } from "../cluster";
import { Installed } from "../installed";
import { DEAD, end, HELLO, type MakeDaemon, type RoutingDaemon, type Speaker } from "./daemon";

const CONFIGURATION = "/etc/bird/bird.conf";
const PATIENCE = 120_000;

/** The VIPs alone go into the kernel's table: it has the network of the directors already. */
const router = (dev: string): string => `
protocol kernel {
  merge paths on;
  ipv4 { import none; export where net.len = 32; };
}
protocol kernel {
  merge paths on;
  ipv6 { import none; export where net.len = 128; };
}

protocol ospf v2 lvs4 {
  ecmp on;
  ipv4 { import all; export none; };
  area 0 {
    interface "${dev}" { hello ${HELLO}; dead ${DEAD}; priority 100; };
  };
}
protocol ospf v3 lvs6 {
  ecmp on;
  merge external on;
  ipv6 { import all; export none; };
  area 0 {
    interface "${dev}" { hello ${HELLO}; dead ${DEAD}; priority 100; };
  };
}
`;

/** OSPFv3 runs on no device without a link-local address, such as lo: its addresses come from outside OSPF. */
const director = (dev: string): string => `
protocol ospf v2 lvs4 {
  ipv4 { import none; export none; };
  area 0 {
    interface "${dev}" { hello ${HELLO}; dead ${DEAD}; priority 0; };
    interface "lo" { stub yes; };
  };
}

# OSPFv3 does not run on lo, which has no link-local address: what lo has is offered as an external route.
protocol direct {
  ipv6;
  interface "lo";
}
protocol ospf v3 lvs6 {
  ipv6 { import none; export where source = RTS_DEVICE; };
  area 0 {
    interface "${dev}" { hello ${HELLO}; dead ${DEAD}; priority 0; };
  };
}
`;

export const birdConfiguration = ({ routerId, dev, role }: Speaker): string => `router id ${routerId};

# What is on which device is looked up this often, in seconds.
protocol device { scan time 1; }
${role === "router" ? router(dev) : director(dev)}`;

export const bird: MakeDaemon = async (story, speaker, tree): Promise<RoutingDaemon> => {
  const { machine } = speaker;
  const installed = new Installed(story, machine, tree);
  installed.configure(CONFIGURATION, birdConfiguration(speaker));
  const view = await installed.share();
  await view.run("mkdir", `${view.root}/run/bird`);
  let running: readonly Service[] = [];
  return {
    start: async () => {
      await view.run("rm", "-f", `${view.root}/run/bird/bird.ctl`);
      const service = view.start("bird", "-f");
      running = [service];
      await service.until("ready", (pid) => existsSync(`/proc/${pid}/root/run/bird/bird.ctl`), PATIENCE);
    },
    stop: () => end(story, machine, running, "TERM"),
    kill: () => end(story, machine, running, "KILL"),
    neighbours: () => view.command("birdc", "show", "ospf", "neighbors"),
  };
};
