/**
 * The order of what is saved: that of lists, whose comparison goes round in
 * circles for numbers that are far from each other, so that what comes out
 * hangs on what goes in. Here, what goes in has an order of its own.
 */
import { WORDS, word } from "../ipvs/address";
import type { Address, ServerKey, ServiceKey } from "../ipvs/model";
import { compareServers, compareServices, mergeSort } from "../ipvs/order";

export const orderedServices = <T extends ServiceKey>(services: readonly T[]): readonly T[] =>
  mergeSort(
    [...services].sort(
      (a, b) => a.mark - b.mark || a.family - b.family || a.protocol - b.protocol || compareAddresses(a.address, b.address) || a.port - b.port,
    ),
    compareServices,
  );

export const orderedServers = <T extends ServerKey>(servers: readonly T[]): readonly T[] =>
  mergeSort(
    [...servers].sort((a, b) => a.family - b.family || compareAddresses(a.address, b.address) || a.port - b.port),
    compareServers,
  );

/** Of one family; as numbers without a sign. */
function compareAddresses(a: Address, b: Address): number {
  for (let index = 0; index < WORDS; index++) {
    const difference = word(a, index) - word(b, index);
    if (difference !== 0) return difference;
  }
  return 0;
}
