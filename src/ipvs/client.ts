import { AttributeReader, AttributeWriter } from "../netlink/attributes";
import type { Connection, Refusal } from "../netlink/connection";
import { MalformedMessage } from "../netlink/errors";
import { resolveFamily } from "../netlink/generic";
import { attributesStart, genericRequest, type Message, type Request } from "../netlink/message";
import * as codec from "./codec";
import { CMD, GENL_NAME, GENL_VERSION, TOP } from "./constants";
import type { Change, Daemon, Info, ListedServer, ListedService, ServiceKey, Timeouts } from "./model";

/** How a change is told to the kernel: its command, and what it carries. */
function encode(change: Change): [command: number, attributes: AttributeWriter] {
  switch (change.kind) {
    case "add-service": return [CMD.NEW_SERVICE, codec.packService(new AttributeWriter(), change.service)];
    case "edit-service": return [CMD.SET_SERVICE, codec.packService(new AttributeWriter(), change.service)];
    case "delete-service": return [CMD.DEL_SERVICE, serviceKey(change.service)];
    case "add-server": return [CMD.NEW_DEST, codec.packServer(serviceKey(change.service), change.server)];
    case "edit-server": return [CMD.SET_DEST, codec.packServer(serviceKey(change.service), change.server)];
    case "delete-server": return [CMD.DEL_DEST, codec.packServerKey(serviceKey(change.service), change.server)];
    case "flush": return [CMD.FLUSH, new AttributeWriter()];
    case "zero": return [CMD.ZERO, change.service === undefined ? new AttributeWriter() : serviceKey(change.service)];
    case "set-timeouts": return [CMD.SET_CONFIG, codec.packTimeouts(new AttributeWriter(), change.timeouts)];
    case "start-daemon": return [CMD.NEW_DAEMON, codec.packDaemon(new AttributeWriter(), change.daemon)];
    case "stop-daemon": return [CMD.DEL_DAEMON, codec.packDaemonKey(new AttributeWriter(), change.daemon)];
  }
}

/** So many changes are encoded at a time: all of them together would be a good part of a long restore's memory. */
const ENCODED = 1_024;

const serviceKey = (service: ServiceKey): AttributeWriter => codec.packServiceKey(new AttributeWriter(), service);

/** The IPVS of one network namespace, over one netlink connection. Every method throws NetlinkError. */
export class IpvsClient {
  private constructor(
    private readonly connection: Connection,
    private readonly family: number,
  ) {}

  /** Throws NetlinkError: ENOENT where the kernel has no IPVS. */
  static async open(connection: Connection): Promise<IpvsClient> {
    return new IpvsClient(connection, await resolveFamily(connection, GENL_NAME));
  }

  close(): void {
    this.connection.close();
  }

  async info(): Promise<Info> {
    const operation = "asking for the version";
    const [answer] = await this.connection.request(this.#request(operation, CMD.GET_INFO));
    return codec.unpackInfo(topAttributes(answer, operation));
  }

  async services(options: { stats: boolean }): Promise<ListedService[]> {
    const operation = "listing the services";
    return this.connection.dump(this.#request(operation, CMD.GET_SERVICE), (message) =>
      codec.unpackService(nested(message, TOP.SERVICE, operation), options.stats, operation),
    );
  }

  /** ESRCH where there is no such service. */
  async service(key: ServiceKey, options: { stats: boolean }): Promise<ListedService> {
    const operation = "asking for a service";
    const [answer] = await this.connection.request(this.#request(operation, CMD.GET_SERVICE, serviceKey(key)));
    return codec.unpackService(nested(answer, TOP.SERVICE, operation), options.stats, operation);
  }

  /** None where there is no such service. */
  async servers(service: ServiceKey, options: { stats: boolean }): Promise<ListedServer[]> {
    const [servers = []] = await this.serversOf([service], options);
    return servers;
  }

  /** The servers of each service. */
  async serversOf(services: readonly ServiceKey[], options: { stats: boolean }): Promise<ListedServer[][]> {
    const operation = "listing the servers of a service";
    const requests = services.map((service) => this.#request(operation, CMD.GET_DEST, serviceKey(service)));
    return this.connection.dumps(requests, (message, index) =>
      codec.unpackServer(nested(message, TOP.DEST, operation), services[index]!.family, options.stats, operation),
    );
  }

  async daemons(): Promise<Daemon[]> {
    const operation = "listing the synchronisation daemons";
    return this.connection.dump(this.#request(operation, CMD.GET_DAEMON), (message) =>
      codec.unpackDaemon(nested(message, TOP.DAEMON, operation)),
    );
  }

  async timeouts(): Promise<Timeouts> {
    const operation = "asking for the timeouts";
    const [answer] = await this.connection.request(this.#request(operation, CMD.GET_CONFIG));
    return codec.unpackTimeouts(topAttributes(answer, operation));
  }

  /** Makes one change. Throws NetlinkError with the errno of the kernel's refusal. */
  async change(change: Change): Promise<void> {
    await this.connection.change(this.#encode(change));
  }

  /** Makes many changes, in order, in as few messages as fit; the refused ones come back, the rest are made. */
  async changeAll(changes: readonly Change[]): Promise<Refusal[]> {
    const refusals: Refusal[] = [];
    for (let at = 0; at < changes.length; at += ENCODED) {
      const some = await this.connection.batch(changes.slice(at, at + ENCODED).map((change) => this.#encode(change)));
      refusals.push(...some.map(({ index, error }) => ({ index: at + index, error })));
    }
    return refusals;
  }

  #encode(change: Change): Request {
    const [command, writer] = encode(change);
    return this.#request(change.kind, command, writer);
  }

  #request(operation: string, command: number, writer = new AttributeWriter()): Request {
    return genericRequest({ operation, family: this.family, version: GENL_VERSION, command, attributes: writer.finish() });
  }
}

function topAttributes(message: Message | undefined, operation: string): AttributeReader {
  if (message === undefined) throw new MalformedMessage(operation, "an acknowledgement without an answer");
  return new AttributeReader(message.buffer, attributesStart(message, operation), message.end, operation);
}

function nested(message: Message | undefined, type: number, operation: string): AttributeReader {
  const attributes = topAttributes(message, operation);
  while (attributes.next()) if (attributes.type === type) return attributes.nested();
  throw new MalformedMessage(operation, `an answer without its attribute ${type}`);
}

