/** How a machine becomes a director: the one way that all scenarios go. */
import type { Machine } from "./cluster";
import type { Story } from "./story";

export interface DirectorOptions {
  readonly dev: string;
  readonly mode: "nat" | "dr" | "tun" | "fullnat";
  /** Where the servers are, which FullNAT has to know. */
  readonly serverNets?: readonly string[];
}

/** The virtual addresses are on the director's interface, and the kernel is set for the mode. */
export const becomeDirector = async (
  story: Story,
  machine: Machine,
  vips: readonly string[],
  { dev, mode, serverNets = [] }: DirectorOptions,
): Promise<void> => {
  const nets = serverNets.flatMap((net) => ["--server-net", net]);
  await story.command(machine, "lvs-director", "start", ...vips, "--dev", dev, "--mode", mode, ...nets, "-v");
};
