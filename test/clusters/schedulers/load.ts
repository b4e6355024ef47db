/** The schedulers that look at weights and at the connections that are there, and remember nothing themselves. */
import { type Scheduler, type Server, isAvailable } from "./model";

type Load = (server: Server) => number;

/** An active connection counts as much as 256 that are closing. */
export const overhead: Load = ({ active, inactive }) => active * 256 + inactive;

/** What the load would be with one more: closing connections do not count. */
const expectedDelay: Load = ({ active }) => active + 1;

/** Of those that are as little loaded for their weight, the first. Quotients are compared without dividing. */
export const leastLoaded = (servers: readonly Server[], load: Load): Server | undefined =>
  servers
    .filter(isAvailable)
    .reduce<Server | undefined>(
      (least, server) => (least === undefined || load(least) * server.weight > load(server) * least.weight ? server : least),
      undefined,
    );

/** Of those that weigh as much, the first. */
const heaviest = (servers: readonly Server[]): Server | undefined =>
  servers.reduce<Server | undefined>(
    (most, server) => (most === undefined || server.weight > most.weight ? server : most),
    undefined,
  );

/** lc: the fewest connections; a weight means no more than that it is not 0. */
export const leastConnections: Scheduler = {
  choose: (servers) =>
    servers
      .filter(isAvailable)
      .reduce<Server | undefined>(
        (least, server) => (least === undefined || overhead(server) < overhead(least) ? server : least),
        undefined,
      ),
};

/** wlc: the fewest connections for its weight. */
export const weightedLeastConnections: Scheduler = { choose: (servers) => leastLoaded(servers, overhead) };

/** sed: where the connection would wait the shortest. */
export const shortestExpectedDelay: Scheduler = { choose: (servers) => leastLoaded(servers, expectedDelay) };

/** nq: an idle server, the first of them, even where a faster one would be done sooner; else as sed. */
export const neverQueue: Scheduler = {
  choose: (servers) =>
    servers.find((server) => isAvailable(server) && server.active === 0) ?? leastLoaded(servers, expectedDelay),
};

/** fo: the heaviest that is available. */
export const failOver: Scheduler = { choose: (servers) => heaviest(servers.filter(isAvailable)) };

/** ovf: the heaviest, until it has more active connections than weight; then the next. */
export const overflow: Scheduler = {
  choose: (servers) => heaviest(servers.filter((server) => isAvailable(server) && server.active <= server.weight)),
};
