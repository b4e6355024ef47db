/** How a machine becomes a real server: the one way that all scenarios go. */
import type { Machine } from "./cluster";
import type { Story } from "./story";

export interface RealServerOptions {
  /** Through a tunnel from the director; without one, by direct routing. Servers behind NAT need none of this. */
  readonly tunnel?: "ipip" | "gre" | "gue";
  /** Where GUE comes in. */
  readonly port?: number;
}

/** The virtual addresses are the machine's too, and the network does not hear of it from there. */
export const becomeRealServer = async (
  story: Story,
  machine: Machine,
  vips: readonly string[],
  { tunnel, port }: RealServerOptions = {},
): Promise<void> => {
  const how = [...(tunnel === undefined ? [] : ["--tunnel", tunnel]), ...(port === undefined ? [] : ["--port", String(port)])];
  await story.command(machine, "lvs-realserver", "start", ...vips, ...how, "-v");
};
