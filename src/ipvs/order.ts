/**
 * The order of lists. ipvsadm compares by differences that wrap at 32 bits,
 * which orders small numbers as expected and large ones oddly (marks from
 * 2^31 before ordinary services), and is not even transitive; so the same
 * comparison and the same merge sort as the C library's are needed to put a
 * table in the same order.
 */
import { AF_INET6 } from "./constants";
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
  for (let at = 0; at < (family === AF_INET6 ? 16 : 4); at += 4) {
    const difference = (a.readUInt32BE(at) - b.readUInt32BE(at)) | 0;
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The C library's qsort: a merge of two halves, the first the smaller, equal elements from the first. */
export function mergeSort<T>(items: readonly T[], compare: Compare<T>): T[] {
  if (items.length < 2) return [...items];
  const middle = items.length >> 1;
  const first = mergeSort(items.slice(0, middle), compare);
  const second = mergeSort(items.slice(middle), compare);
  const merged: T[] = [];
  let i = 0;
  let j = 0;
  while (i < first.length && j < second.length) {
    merged.push(compare(first[i]!, second[j]!) <= 0 ? first[i++]! : second[j++]!);
  }
  return [...merged, ...first.slice(i), ...second.slice(j)];
}
