/**
 * The order of what is saved: that of lists, whose comparison goes round in
 * circles for numbers that are far from each other, so that what comes out
 * hangs on what goes in. Here, what goes in has an order of its own.
 */
import type { ServerKey, ServiceKey } from "../ipvs/model";
import { compareServers, compareServices, mergeSort } from "../ipvs/order";

export const orderedServices = <T extends ServiceKey>(services: readonly T[]): readonly T[] =>
  mergeSort(
    [...services].sort(
      (a, b) => a.mark - b.mark || a.family - b.family || a.protocol - b.protocol || Buffer.compare(a.address, b.address) || a.port - b.port,
    ),
    compareServices,
  );

export const orderedServers = <T extends ServerKey>(servers: readonly T[]): readonly T[] =>
  mergeSort(
    [...servers].sort((a, b) => a.family - b.family || Buffer.compare(a.address, b.address) || a.port - b.port),
    compareServers,
  );
