/** Connections that come and go, and what a model says of who answers them. */
import type { Connection } from "./model";
import type { VirtualService } from "./service";

export type Step =
  /** A connection with a number of its own, which stays until it is closed. */
  | { readonly open: number; readonly connection: Connection }
  | { readonly close: number };

export type Traffic = readonly Step[];

/**
 * The same connections from ports of the client's that nobody else uses. Behind NAT a real server knows a connection by
 * the client's port alone: the same port in two services would be one connection to it.
 */
export const fromPorts = (base: number, traffic: Traffic): Traffic =>
  traffic.map((step) =>
    "open" in step ? { ...step, connection: { ...step.connection, clientPort: base + step.open } } : step,
  );

/** One after the other, each gone before the next comes. */
export const visits = (connections: readonly Connection[], first = 0): Traffic =>
  connections.flatMap((connection, index) => [{ open: first + index, connection }, { close: first + index }]);

/** One after the other, and all stay. */
export const stays = (connections: readonly Connection[], first = 0): Traffic =>
  connections.map((connection, index) => ({ open: first + index, connection }));

export const leaves = (...numbers: readonly number[]): Traffic => numbers.map((close) => ({ close }));

/** The server that each connection gets, in order; "" where there is none. */
export const predict = (service: VirtualService, traffic: Traffic): readonly string[] => {
  const servers = new Map<number, string>();
  for (const step of traffic) {
    if ("open" in step) servers.set(step.open, service.open(step.connection));
    else {
      const server = servers.get(step.close);
      if (server === undefined) throw new Error(`connection ${step.close} was never opened`);
      if (server !== "") service.close(server);
    }
  }
  return traffic.flatMap((step) => ("open" in step ? [servers.get(step.open) ?? ""] : []));
};
