import { type Scheduler, type Server, commonWeight, isAvailable } from "./model";

/** rr: one after the other, whatever they weigh, beginning after the one that had the last connection. */
export class RoundRobin implements Scheduler {
  #last: Server | undefined;

  choose(servers: readonly Server[]): Server | undefined {
    const next = this.#last === undefined ? 0 : servers.indexOf(this.#last) + 1;
    const chosen = [...servers.slice(next), ...servers.slice(0, next)].find(isAvailable);
    this.#last = chosen ?? this.#last;
    return chosen;
  }
}

/**
 * wrr: rounds over all servers, each with a weight that it takes to be chosen in it. It falls from the highest weight to
 * the lowest in steps of their common divisor, so that heavy servers are chosen in more rounds.
 */
export class WeightedRoundRobin implements Scheduler {
  /** Where the round stands: the next server to look at. */
  #next = 0;
  #required = 0;
  #highest = 0;
  #step = 1;

  /** A round begins anew, but what it requires stays, where that still makes sense. */
  changed(servers: readonly Server[]): void {
    const weights = servers.map(({ weight }) => weight);
    this.#next = 0;
    this.#step = commonWeight(weights) || 1;
    // The last round requires 1, not the step: it finds every server.
    this.#highest = Math.max(0, ...weights) - (this.#step - 1);
    if (this.#required > this.#highest || this.#required === 0) this.#required = this.#highest;
    else if (this.#step > 1) this.#required = Math.floor(this.#required / this.#step) * this.#step + 1;
  }

  choose(servers: readonly Server[]): Server | undefined {
    if (!servers.some(isAvailable)) return undefined;
    for (;;) {
      for (; this.#next < servers.length; this.#next++) {
        const server = servers[this.#next];
        if (server === undefined || !isAvailable(server) || server.weight < this.#required) continue;
        this.#next++;
        return server;
      }
      this.#next = 0;
      this.#required -= this.#step;
      if (this.#required <= 0) this.#required = this.#highest;
    }
  }
}
