/** Every scheduler of the kernel whose choice can be foretold, by ipvsadm's name for it, and with the flags of -b. */
import { DestinationHashing, type HashingOptions, MaglevHashing, SourceHashing } from "./hashing";
import {
  failOver,
  leastConnections,
  neverQueue,
  overflow,
  shortestExpectedDelay,
  weightedLeastConnections,
} from "./load";
import { LocalityBasedLeastConnections, LocalityBasedLeastConnectionsWithReplication } from "./locality";
import type { Scheduler } from "./model";
import { RoundRobin, WeightedRoundRobin } from "./round-robin";

const SCHEDULERS = {
  rr: () => new RoundRobin(),
  wrr: () => new WeightedRoundRobin(),
  lc: () => leastConnections,
  wlc: () => weightedLeastConnections,
  sed: () => shortestExpectedDelay,
  nq: () => neverQueue,
  fo: () => failOver,
  ovf: () => overflow,
  lblc: () => new LocalityBasedLeastConnections(),
  lblcr: () => new LocalityBasedLeastConnectionsWithReplication(),
  sh: (options: HashingOptions) => new SourceHashing(options),
  dh: () => new DestinationHashing(),
  mh: (options: HashingOptions) => new MaglevHashing(options),
} satisfies Record<string, (options: HashingOptions) => Scheduler>;

export type SchedulerName = keyof typeof SCHEDULERS;

/** A new one, as a service has when it is created. The flags are those of -b: "mh-port", "sh-fallback". */
export const schedulerOf = (name: SchedulerName, flags: readonly string[] = []): Scheduler =>
  SCHEDULERS[name]({
    port: flags.some((flag) => flag.endsWith("-port")),
    fallback: flags.some((flag) => flag.endsWith("-fallback")),
  });
