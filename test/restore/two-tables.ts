/**
 * Two large tables: a tenth of the services of the one are not in the other,
 * half of the servers of the rest are replaced, some weights and schedulers
 * are changed. The new services stand first, so that they are seen first.
 */
import { rules } from "../differential/cases/case";

const address = (service: number): string => `10.${20 + (service >> 8)}.${service & 255}.1:80`;
const server = (service: number, which: number): string => `10.${60 + (service >> 8)}.${service & 255}.${which}:80`;

const lines = (service: number, scheduler: string, servers: Readonly<Record<number, number>>): string[] => [
  `-A -t ${address(service)} -s ${scheduler}`,
  ...Object.entries(servers).map(([which, weight]) => `-a -t ${address(service)} -r ${server(service, Number(which))} -m -w ${weight}`),
];

const numbers = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => from + index);

export interface TwoTables {
  readonly old: string;
  readonly wanted: string;
}

export function twoTables(services: number): TwoTables {
  const tenth = Math.floor(services / 10);
  const old = numbers(0, services).flatMap((number) => lines(number, "wlc", { 1: 1, 2: 1 }));
  const wanted = [...numbers(services, services + tenth), ...numbers(tenth, services)].flatMap((number) => {
    if (number >= services) return lines(number, "wlc", { 1: 1, 2: 1 });
    switch (number % 10) {
      case 0: return lines(number, "wlc", { 3: 1, 4: 1 });
      case 1: return lines(number, "wlc", { 1: 5, 3: 1 });
      case 2: return lines(number, "wrr", { 1: 1, 3: 1 });
      case 3: return lines(number, "wlc", { 1: 1, 2: 1 });
      default: return lines(number, "wlc", { 1: 1, 3: 1 });
    }
  });
  return { old: rules(...old), wanted: rules(...wanted) };
}
