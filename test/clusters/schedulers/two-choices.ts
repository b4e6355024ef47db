import { overhead } from "./load";
import { type Scheduler, type Server, isAvailable } from "./model";

/** twos: two servers by lot, heavy ones more often, and of the two the one that is less loaded for its weight. */
export class PowerOfTwoChoices implements Scheduler {
  /** What draws: a number from 0 up to, but not, 1. */
  constructor(private readonly random: () => number) {}

  choose(servers: readonly Server[]): Server | undefined {
    const available = servers.filter(isAvailable);
    const one = this.#draw(available);
    const other = this.#draw(available);
    if (one === undefined || other === undefined) return undefined;
    return overhead(one) * other.weight > overhead(other) * one.weight ? other : one;
  }

  #draw(servers: readonly Server[]): Server | undefined {
    const sum = servers.reduce((total, { weight }) => total + weight, 0);
    // From 0 to the sum, both included: the first server has one chance more than it weighs.
    let lot = Math.floor(this.random() * (sum + 1));
    return servers.find(({ weight }) => (lot -= weight) <= 0);
  }
}
