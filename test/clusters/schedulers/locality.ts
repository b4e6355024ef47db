/** The schedulers for caches: whatever was asked of an address is asked of the same server again. */
import { leastLoaded, overhead } from "./load";
import { type Connection, type Scheduler, type Server, isAvailable } from "./model";

/** Whether it has more to do than it should while another has less than half of that. */
const isSwamped = ({ active, weight }: Server, servers: readonly Server[]): boolean =>
  active > weight && servers.some((other) => other.active * 2 < other.weight);

/** lblc: the server that had the destination before, unless it is swamped; else the least loaded, from now on. */
export class LocalityBasedLeastConnections implements Scheduler {
  readonly #homes = new Map<string, Server>();

  choose(servers: readonly Server[], { destination }: Connection): Server | undefined {
    const home = this.#homes.get(destination);
    if (home !== undefined && isAvailable(home) && !isSwamped(home, servers)) return home;
    const chosen = leastLoaded(servers, overhead);
    if (chosen !== undefined) this.#homes.set(destination, chosen);
    return chosen;
  }
}

/** lblcr: the same with a set of servers for a destination, which grows when its least loaded one is swamped. */
export class LocalityBasedLeastConnectionsWithReplication implements Scheduler {
  /** Newest members first. That a set shrinks again after a day is left to others. */
  readonly #homes = new Map<string, readonly Server[]>();

  choose(servers: readonly Server[], { destination }: Connection): Server | undefined {
    const homes = this.#homes.get(destination) ?? [];
    const home = leastLoaded(homes.filter(isAvailable), overhead);
    if (home !== undefined && !isSwamped(home, servers)) return home;
    const chosen = leastLoaded(servers, overhead);
    if (chosen !== undefined && !homes.includes(chosen)) this.#homes.set(destination, [chosen, ...homes]);
    return chosen;
  }
}
