/**
 * The order of lists. ipvsadm compares by differences that wrap at 32 bits,
 * which orders small numbers as expected and large ones oddly (marks from
 * 2^31 before ordinary services), and is not even transitive; so the same
 * comparison and the same merge sort as the C library's are needed to put a
 * table in the same order.
 */
import { readBE32 } from "../netlink/bytes";
import { AF } from "./constants";
import type { Address, Family, ServerKey, ServiceKey } from "./model";

type Compare<T> = (a: T, b: T) => number;

export function compareServices(a: ServiceKey, b: ServiceKey): number {
  return (
    (a.mark - b.mark) | 0 ||
    a.family - b.family ||
    a.protocol - b.protocol ||
    compareAddresses(a.family, a.address, b.address) ||
    a.port - b.port
  );
}

export function compareServers(a: ServerKey, b: ServerKey): number {
  return compareAddresses(a.family, a.address, b.address) || a.port - b.port;
}

/** By 32-bit words; an IPv4 address has one. */
function compareAddresses(family: Family, a: Address, b: Address): number {
  for (let at = 0; at < (family === AF.INET6 ? 16 : 4); at += 4) {
    const difference = (readBE32(a, at) - readBE32(b, at)) | 0;
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The C library's qsort: a merge of two halves, the first the smaller, equal elements from the first. */
export function mergeSort<T>(items: readonly T[], compare: Compare<T>): readonly T[] {
  if (items.length < 2) return items;
  const sorted = [...items];
  sortBetween(sorted, [...items], 0, items.length, compare);
  return sorted;
}

/** Sorts `items` from `start` to `end`; `copy` holds the same there, and is written over. */
function sortBetween<T>(items: T[], copy: T[], start: number, end: number, compare: Compare<T>): void {
  if (end - start < 2) return;
  const middle = start + ((end - start) >> 1);
  sortBetween(copy, items, start, middle, compare);
  sortBetween(copy, items, middle, end, compare);
  let first = start;
  let second = middle;
  for (let at = start; at < end; at++) {
    const fromFirst = second >= end || (first < middle && compare(copy[first]!, copy[second]!) <= 0);
    items[at] = copy[fromFirst ? first++ : second++]!;
  }
}
