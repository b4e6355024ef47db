/** A virtual service of the model: its servers, with the connections that each has, and its scheduler. */
import type { Connection, Scheduler, Server } from "./model";

export interface ServerSettings {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly weight: number;
}

export class VirtualService {
  /** The kernel's order: the one added last first. */
  readonly #servers: Server[] = [];

  constructor(private readonly scheduler: Scheduler) {}

  /** With these servers, added in this order. */
  static of(scheduler: Scheduler, servers: readonly ServerSettings[]): VirtualService {
    const service = new VirtualService(scheduler);
    for (const server of servers) service.add(server);
    return service;
  }

  add({ weight, ...identity }: ServerSettings): void {
    this.#servers.unshift({ ...identity, weight, lastWeight: weight, active: 0, inactive: 0 });
    this.scheduler.changed?.(this.#servers);
  }

  edit(name: string, weight: number): void {
    const server = this.#named(name);
    server.weight = weight;
    if (weight > 0) server.lastWeight = weight;
    this.scheduler.changed?.(this.#servers);
  }

  /** The name of the server that gets the connection; "" where none does. */
  open(connection: Connection): string {
    const server = this.scheduler.choose(this.#servers, connection);
    if (server === undefined) return "";
    server.active++;
    return server.name;
  }

  /** The client closes a connection: it is remembered for a while, as inactive. */
  close(name: string): void {
    const server = this.#named(name);
    server.active--;
    server.inactive++;
  }

  #named(name: string): Server {
    const server = this.#servers.find((candidate) => candidate.name === name);
    if (server === undefined) throw new Error(`the service has no server ${name}`);
    return server;
  }
}
