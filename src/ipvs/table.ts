/** A whole table in memory: what is, or what is wanted. */
import { addressId } from "./address";
import type { Daemon, Role, Server, ServerKey, Service, ServiceKey, Timeouts } from "./model";

export interface TableService<S extends Service = Service, D extends Server = Server> {
  readonly service: S;
  /** By serverId. */
  readonly servers: Map<string, D>;
}

export interface Table<S extends Service = Service, D extends Server = Server> {
  /** By serviceId. */
  readonly services: Map<string, TableService<S, D>>;
  timeouts: Timeouts | undefined;
  readonly daemons: Map<Role, Daemon>;
}

export const emptyTable = (): Table => ({ services: new Map(), timeouts: undefined, daemons: new Map() });

/** The same for the same service. */
export const serviceId = ({ mark, family, protocol, address, port }: ServiceKey): string =>
  mark !== 0 ? `mark ${mark} ${family}` : `${protocol} ${addressId(address)} ${family} ${port}`;

/** The same for the same server of a service. */
export const serverId = ({ family, address, port }: ServerKey): string =>
  `${addressId(address)} ${family} ${port}`;
