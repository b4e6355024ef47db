/** What a scenario needs of a routing daemon, whichever it is. */
import type { Machine, Service } from "../cluster";
import type { Story } from "../story";

/** Seconds: hellos, and the silence after which a neighbour is dead. Both ends of a link must say the same. */
export const HELLO = 1;
export const DEAD = 4;

/** What the machine has to say by OSPF, over IPv4 and IPv6. */
export interface Speaker {
  readonly machine: Machine;
  readonly routerId: string;
  /** The device of the network that router and directors share. */
  readonly dev: string;
  /** The router takes the directors' routes, and is the designated router; a director offers what its lo has. */
  readonly role: "router" | "director";
}

export interface RoutingDaemon {
  start(): Promise<void>;
  /** In good order: it takes leave of its neighbours. */
  stop(): Promise<void>;
  /** It has no time to say good-bye. */
  kill(): Promise<void>;
  /** Shows whom it knows, over both families. */
  neighbours(): Promise<string>;
}

/** The tree is that of another Debian; without one, the daemon is that of this. */
export type MakeDaemon = (story: Story, speaker: Speaker, tree?: string) => Promise<RoutingDaemon>;

/** Sends a signal to running programs, and waits for their end. */
export const end = async (
  story: Story,
  machine: Machine,
  services: readonly Service[],
  signal: "TERM" | "KILL",
): Promise<void> => {
  await story.command(machine, "kill", `-${signal}`, ...services.map(({ pid }) => String(pid)));
  for (const service of services) await service.ended(END_PATIENCE);
};

const END_PATIENCE = 120_000;
