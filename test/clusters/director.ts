/** How a machine becomes a director: the one way that all scenarios go. */
import type { Machine } from "./cluster";
import type { Story } from "./story";

export interface DirectorOptions {
  readonly dev: string;
  readonly mode: "nat" | "dr" | "tun" | "fullnat";
  /** Where the servers are, which FullNAT has to know. */
  readonly serverNet?: string;
}

/** The virtual addresses are on the director's interface, and the kernel is set for the mode. */
export const becomeDirector = async (
  story: Story,
  machine: Machine,
  vips: readonly string[],
  { dev, mode }: DirectorOptions,
): Promise<void> => {
  if (mode === "fullnat") throw new Error("no director can do FullNAT yet");
  if (mode === "nat") await story.command(machine, "sysctl", "-w", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1");
  for (const vip of vips) {
    const address = vip.includes(":") ? [`${vip}/128`, "dev", dev, "nodad"] : [`${vip}/32`, "dev", dev];
    await story.command(machine, "ip", "address", "add", ...address);
  }
};
