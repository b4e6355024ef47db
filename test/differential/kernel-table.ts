/**
 * The kernel's own answers, byte for byte, as the judge of two tables: the
 * attributes of every service, server, daemon and timeout, in hexadecimal,
 * without the counters and sorted (the kernel's order is its own).
 */
import { AttributeReader, AttributeWriter } from "../../src/netlink/attributes";
import { Connection } from "../../src/netlink/connection";
import { resolveFamily } from "../../src/netlink/generic";
import { attributesStart, genericRequest, type Message } from "../../src/netlink/message";
import { NativeSocket } from "#native-socket";
import { NETLINK } from "../../src/netlink/socket";
import { packServiceKey, unpackService } from "../../src/ipvs/codec";
import { CMD, DEST, GENL_NAME, GENL_VERSION, SVC, TOP } from "../../src/ipvs/constants";

const OPERATION = "reading the table";
/** What traffic changes. */
const COUNTERS: ReadonlySet<number> = new Set([SVC.STATS, SVC.STATS64]);
const SERVER_COUNTERS: ReadonlySet<number> = new Set([
  DEST.STATS,
  DEST.STATS64,
  DEST.ACTIVE_CONNS,
  DEST.INACT_CONNS,
  DEST.PERSIST_CONNS,
]);

export class KernelTable {
  readonly #connection = new Connection(new NativeSocket(NETLINK.GENERIC));
  #family: number | undefined;

  /** A line for each thing in the table of this process's network namespace. */
  async read(): Promise<string[]> {
    const services = await this.#dump(CMD.GET_SERVICE, new AttributeWriter(), (message) => ({
      service: unpackService(nested(message, TOP.SERVICE), "none", OPERATION),
      hex: hexOf(message, TOP.SERVICE, COUNTERS),
    }));
    const lines: string[] = [];
    for (const { service, hex } of services) {
      const servers = await this.#dump(CMD.GET_DEST, packServiceKey(new AttributeWriter(), service), (message) =>
        hexOf(message, TOP.DEST, SERVER_COUNTERS),
      );
      lines.push(`service ${hex}`, ...servers.map((server) => `service ${hex} server ${server}`));
    }
    const daemons = await this.#dump(CMD.GET_DAEMON, new AttributeWriter(), (message) =>
      hexOf(message, TOP.DAEMON, new Set()),
    );
    const timeouts = await this.#connection.request(await this.#request(CMD.GET_CONFIG, new AttributeWriter()), wholeHex);
    return [...lines, ...daemons.map((hex) => `daemon ${hex}`), `timeouts ${timeouts}`].sort();
  }

  close(): void {
    this.#connection.close();
  }

  async #dump<T>(command: number, writer: AttributeWriter, decode: (message: Message) => T): Promise<T[]> {
    return this.#connection.dump(await this.#request(command, writer), decode);
  }

  async #request(command: number, writer: AttributeWriter) {
    this.#family ??= await resolveFamily(this.#connection, GENL_NAME);
    return genericRequest({ operation: OPERATION, family: this.#family, version: GENL_VERSION, command, attributes: writer.finish() });
  }
}

function nested(message: Message, type: number): AttributeReader {
  const attributes = new AttributeReader(message.buffer, attributesStart(message, OPERATION), message.end, OPERATION);
  while (attributes.next()) if (attributes.type === type) return attributes.nested();
  throw new Error(`an answer without attribute ${type}`);
}

function hexOf(message: Message, type: number, without: ReadonlySet<number>): string {
  const found: string[] = [];
  for (const attributes = nested(message, type); attributes.next(); ) {
    if (!without.has(attributes.type)) found.push(`${attributes.type}:${Buffer.from(attributes.bytes(attributes.length)).toString("hex")}`);
  }
  return found.join(",");
}

const wholeHex = (message: Message): string =>
  Buffer.from(message.buffer.subarray(attributesStart(message, OPERATION), message.end)).toString("hex");
