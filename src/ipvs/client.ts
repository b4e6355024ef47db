import { AttributeReader, AttributeWriter } from "../netlink/attributes";
import type { Connection, Refusal } from "../netlink/connection";
import { MalformedMessage } from "../netlink/errors";
import { resolveFamily } from "../netlink/generic";
import { attributesStart, genericRequest, type Message, type Request } from "../netlink/message";
import { andThen, type Soon } from "../soon";
import * as codec from "./codec";
import { CMD, GENL_NAME, GENL_VERSION, TOP } from "./constants";
import type { Change, Counters, Daemon, Info, ListedServer, ListedService, ServiceKey, Timeouts } from "./model";

/** How a change is told to the kernel: its command, and what it carries, which is written. */
function write(change: Change, to: AttributeWriter): number {
  switch (change.kind) {
    case "add-service": codec.packService(to, change.service); return CMD.NEW_SERVICE;
    case "edit-service": codec.packService(to, change.service); return CMD.SET_SERVICE;
    case "delete-service": codec.packServiceKey(to, change.service); return CMD.DEL_SERVICE;
    case "add-server": codec.packServer(codec.packServiceKey(to, change.service), change.server); return CMD.NEW_DEST;
    case "edit-server": codec.packServer(codec.packServiceKey(to, change.service), change.server); return CMD.SET_DEST;
    case "delete-server": codec.packServerKey(codec.packServiceKey(to, change.service), change.server); return CMD.DEL_DEST;
    case "flush": return CMD.FLUSH;
    case "zero": if (change.service !== undefined) codec.packServiceKey(to, change.service); return CMD.ZERO;
    case "set-timeouts": codec.packTimeouts(to, change.timeouts); return CMD.SET_CONFIG;
    case "start-daemon": codec.packDaemon(to, change.daemon); return CMD.NEW_DAEMON;
    case "stop-daemon": codec.packDaemonKey(to, change.daemon); return CMD.DEL_DAEMON;
  }
}

/** So many changes are encoded at a time: all of them together would be a good part of a long restore's memory. */
const ENCODED = 1_024;

/** So many requests are worth a connection of their own, which offers less for each answer (OFFER in netlink/socket.ts). */
const MANY = 16;

/** The IPVS of one network namespace. Every method throws NetlinkError. */
export class IpvsClient {
  // One of each for all: long tables have thousands of requests and answers.
  private readonly writer = new AttributeWriter();
  private readonly top = new AttributeReader();
  private readonly inner = new AttributeReader();

  /** What many short answers come by: a connection of its own, where there can be one. */
  private short: Connection | undefined;

  private constructor(
    private readonly connection: Connection,
    private readonly family: number,
    private readonly connectShort: () => Connection | undefined,
  ) {}

  /**
   * Over a connection for long dumps; `connectShort` opens one for many short
   * answers, or cannot. Throws NetlinkError: ENOENT where the kernel has no IPVS.
   */
  static open(connection: Connection, connectShort = (): Connection | undefined => undefined): Soon<IpvsClient> {
    return andThen(resolveFamily(connection, GENL_NAME), (family) => new IpvsClient(connection, family, connectShort));
  }

  close(): void {
    this.connection.close();
    if (this.short !== this.connection) this.short?.close();
  }

  info(): Soon<Info> {
    const operation = "asking for the version";
    return this.connection.request(this.request(operation, CMD.GET_INFO), (answer) => codec.unpackInfo(this.attributes(answer, operation)));
  }

  services(options: { stats: Counters }): Soon<ListedService[]> {
    const operation = "listing the services";
    return this.connection.dump(this.request(operation, CMD.GET_SERVICE), (message) =>
      codec.unpackService(this.nested(message, TOP.SERVICE, operation), options.stats, operation),
    );
  }

  /** ESRCH where there is no such service. */
  service(key: ServiceKey, options: { stats: Counters }): Soon<ListedService> {
    const operation = "asking for a service";
    const request = this.request(operation, CMD.GET_SERVICE, codec.packServiceKey(this.writer.anew(), key));
    return this.connection.request(request, (answer) =>
      codec.unpackService(this.nested(answer, TOP.SERVICE, operation), options.stats, operation),
    );
  }

  /** None where there is no such service. */
  servers(service: ServiceKey, options: { stats: Counters }): Soon<ListedServer[]> {
    return andThen(this.serversOf([service], options), ([servers = []]) => servers);
  }

  /** The servers of each service. */
  serversOf(services: readonly ServiceKey[], options: { stats: Counters }): Soon<ListedServer[][]> {
    const operation = "listing the servers of a service";
    const requests = services.map((service) => this.request(operation, CMD.GET_DEST, codec.packServiceKey(this.writer.anew(), service)));
    return this.connectionFor(requests.length).dumps(requests, (message, index) =>
      codec.unpackServer(this.nested(message, TOP.DEST, operation), services[index]!.family, options.stats, operation),
    );
  }

  daemons(): Soon<Daemon[]> {
    const operation = "listing the synchronisation daemons";
    return this.connection.dump(this.request(operation, CMD.GET_DAEMON), (message) =>
      codec.unpackDaemon(this.nested(message, TOP.DAEMON, operation)),
    );
  }

  timeouts(): Soon<Timeouts> {
    const operation = "asking for the timeouts";
    return this.connection.request(this.request(operation, CMD.GET_CONFIG), (answer) => codec.unpackTimeouts(this.attributes(answer, operation)));
  }

  /** Makes one change. Throws NetlinkError with the errno of the kernel's refusal. */
  change(change: Change): Soon<unknown> {
    return this.connection.change(this.encode(change));
  }

  /** Makes many changes, in order, in as few messages as fit; the refused ones come back, the rest are made. */
  async changeAll(changes: readonly Change[]): Promise<Refusal[]> {
    const refusals: Refusal[] = [];
    const connection = this.connectionFor(changes.length);
    for (let at = 0; at < changes.length; at += ENCODED) {
      const some = await connection.batch(changes.slice(at, at + ENCODED).map((change) => this.encode(change)));
      refusals.push(...some.map(({ index, error }) => ({ index: at + index, error })));
    }
    return refusals;
  }

  private connectionFor(requests: number): Connection {
    return requests < MANY ? this.connection : (this.short ??= this.connectShort() ?? this.connection);
  }

  private encode(change: Change): Request {
    const writer = this.writer.anew();
    return this.request(change.kind, write(change, writer), writer);
  }

  private request(operation: string, command: number, writer = this.writer.anew()): Request {
    return genericRequest({ operation, family: this.family, version: GENL_VERSION, command, attributes: writer.finish() });
  }

  private attributes(message: Message, operation: string): AttributeReader {
    return this.top.over(message.buffer, attributesStart(message, operation), message.end, operation);
  }

  private nested(message: Message, type: number, operation: string): AttributeReader {
    const attributes = this.attributes(message, operation);
    while (attributes.next()) if (attributes.type === type) return attributes.nested(this.inner);
    throw new MalformedMessage(operation, `an answer without its attribute ${type}`);
  }
}
