import { AttributeWriter } from "../netlink/attributes";
import { Connection } from "../netlink/connection";
import { ERRNO, NetlinkError } from "../netlink/errors";
import { resolveFamily } from "../netlink/generic";
import { genericRequest, type Request } from "../netlink/message";
import { NativeSocket } from "#native-socket";
import { NETLINK } from "../netlink/socket";
import { packFouPort, unpackFouPort } from "./codec";
import { FOU, FOU_ATTRIBUTE } from "./constants";
import type { FouPort } from "./model";

/** The UDP ports of one network namespace whose datagrams are unwrapped. Every method throws NetlinkError. */
export class FouClient {
  constructor(
    private readonly connection: Connection,
    private readonly family: number,
  ) {}

  /** Of this process's namespace. Undefined where the module is not loaded. */
  static async open(): Promise<FouClient | undefined> {
    const connection = new Connection(new NativeSocket(NETLINK.GENERIC));
    try {
      return new FouClient(connection, await resolveFamily(connection, FOU.NAME));
    } catch (error) {
      connection.close();
      if (error instanceof NetlinkError && error.errno === ERRNO.ENOENT) return undefined;
      throw error;
    }
  }

  close(): void {
    this.connection.close();
  }

  async ports(): Promise<FouPort[]> {
    const operation = "listing the FOU ports";
    return this.connection.dump(this.request(operation, FOU.GET, new Uint8Array(0)), (message) => unpackFouPort(message, operation));
  }

  /** EADDRINUSE where something listens there. */
  async add(port: FouPort): Promise<void> {
    await this.connection.change(this.request(`adding the FOU port ${port.port}`, FOU.ADD, packFouPort(port)));
  }

  async delete({ port, family }: FouPort): Promise<void> {
    const attributes = new AttributeWriter().be16(FOU_ATTRIBUTE.PORT, port).u8(FOU_ATTRIBUTE.FAMILY, family).finish();
    await this.connection.change(this.request(`deleting the FOU port ${port}`, FOU.DELETE, attributes));
  }

  private request(operation: string, command: number, attributes: Uint8Array): Request {
    return genericRequest({ operation, family: this.family, version: FOU.VERSION, command, attributes });
  }
}
