/**
 * The order of lists. ipvsadm compares by differences that wrap at 32 bits,
 * which orders small numbers as expected and large ones oddly (marks from
 * 2^31 before ordinary services), and is not even transitive; so the same
 * comparison and the same merge sort as the C library's are needed to put a
 * table in the same order.
 */
import { WORDS, word } from "./address";
import type { Address, ServerKey, ServiceKey } from "./model";

type Compare<T> = (a: T, b: T) => number;

export function compareServices(a: ServiceKey, b: ServiceKey): number {
  return (
    (a.mark - b.mark) | 0 ||
    a.family - b.family ||
    a.protocol - b.protocol ||
    compareAddresses(a.address, b.address) ||
    a.port - b.port
  );
}

export function compareServers(a: ServerKey, b: ServerKey): number {
  return compareAddresses(a.address, b.address) || a.port - b.port;
}

/** As the first is of IPv6 or of IPv4, whatever the other is. */
function compareAddresses(a: Address, b: Address): number {
  if (typeof a === "number") return (a - word(b, 0)) | 0;
  for (let index = 0; index < WORDS; index++) {
    const difference = (word(a, index) - word(b, index)) | 0;
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The C library's qsort: a merge of two halves, the first the smaller, equal elements from the first. */
export function mergeSort<T>(items: readonly T[], compare: Compare<T>): readonly T[] {
  const sorted = [...items];
  sort(sorted, compare, []);
  return sorted;
}

/** The same, in place. `copy` can be used again. */
export function sort<T>(items: T[], compare: Compare<T>, copy: T[]): void {
  if (items.length < 2) return;
  for (let at = 0; at < items.length; at++) copy[at] = items[at]!;
  sortBetween(items, copy, 0, items.length, compare);
}

/** Sorts `items` from `start` to `end`; `copy` holds the same there, and is written over. */
function sortBetween<T>(items: T[], copy: T[], start: number, end: number, compare: Compare<T>): void {
  const middle = start + ((end - start) >> 1);
  if (middle - start > 1) sortBetween(copy, items, start, middle, compare);
  if (end - middle > 1) sortBetween(copy, items, middle, end, compare);
  let first = start;
  let second = middle;
  for (let at = start; at < end; at++) {
    const fromFirst = second >= end || (first < middle && compare(copy[first]!, copy[second]!) <= 0);
    items[at] = copy[fromFirst ? first++ : second++]!;
  }
}
