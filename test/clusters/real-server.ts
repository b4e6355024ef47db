/** How a machine becomes a real server: the one way that all scenarios go. */
import type { Machine } from "./cluster";
import type { Story } from "./story";

export interface RealServerOptions {
  /** Through a tunnel from the director; without one, by direct routing. Servers behind NAT need none of this. */
  readonly tunnel?: "ipip" | "gre" | "gue";
  /** Where GUE comes in. */
  readonly port?: number;
}

const QUIET = ["net.ipv4.conf.all.arp_ignore=1", "net.ipv4.conf.all.arp_announce=2"];

/** The virtual addresses are the machine's too, and the network does not hear of it from there. */
export const becomeRealServer = async (
  story: Story,
  machine: Machine,
  vips: readonly string[],
  { tunnel }: RealServerOptions = {},
): Promise<void> => {
  if (tunnel !== undefined) throw new Error(`no real server can be reached by ${tunnel} yet`);
  await story.command(machine, "sysctl", "-w", ...QUIET);
  for (const vip of vips) {
    const address = vip.includes(":") ? [`${vip}/128`, "dev", "lo", "nodad"] : [`${vip}/32`, "dev", "lo"];
    await story.command(machine, "ip", "address", "add", ...address);
  }
};
