import { AF } from "../ipvs/constants";
import { AttributeWriter } from "../netlink/attributes";
import { Connection } from "../netlink/connection";
import { ERRNO, MalformedMessage, NetlinkError } from "../netlink/errors";
import { FLAG, type Request } from "../netlink/message";
import { NativeSocket } from "#native-socket";
import { NETLINK } from "../netlink/socket";
import {
  addressHead, linkHead, neighbourHead, packAddress, packNeighbour, packRoute, routeHead, unpackAddress, unpackLink, unpackNeighbour, unpackRoute,
} from "./codec";
import { IFA_FLAG, IFF, IFLA, LINK_INFO, NTF_PROXY, NTF_USE, RT_SCOPE, RTEXT_FILTER_SKIP_STATS, RTM, RTN_LOCAL } from "./constants";
import type { Family } from "../ipvs/model";
import type { IpAddress } from "./ip";
import type { Link, LinkAddress, NewAddress, ProxyNeighbour, Route } from "./model";

/** No link has it. */
const NO_LINK = 0x7fffffff;
const NOTHING = new Uint8Array(0);

/** The links and addresses of one network namespace. Every method throws NetlinkError. */
export class RouteClient {
  constructor(private readonly connection: Connection) {}

  /** Of this process's namespace. */
  static open(): RouteClient {
    return new RouteClient(new Connection(new NativeSocket(NETLINK.ROUTE)));
  }

  close(): void {
    this.connection.close();
  }

  async links(): Promise<Link[]> {
    const operation = "listing the links";
    return this.connection.dump(request(operation, RTM.GETLINK, linkHead({}), withoutCounters().finish()), (message) =>
      unpackLink(message, operation),
    );
  }

  /** Undefined where there is none of that name. */
  async link(name: string): Promise<Link | undefined> {
    const operation = `asking for the link ${name}`;
    try {
      const attributes = withoutCounters().string(IFLA.IFNAME, name).finish();
      return await this.connection.request(request(operation, RTM.GETLINK, linkHead({}), attributes), (answer) => unpackLink(answer, operation));
    } catch (error) {
      if (error instanceof NetlinkError && error.errno === ERRNO.ENODEV) return undefined;
      throw error;
    }
  }

  async setUp(link: Link, up: boolean): Promise<void> {
    const head = linkHead({ index: link.index, flags: up ? IFF.UP : 0, change: IFF.UP });
    await this.connection.change(request(`setting ${link.name} ${up ? "up" : "down"}`, RTM.NEWLINK, head, NOTHING));
  }

  /** `data` is what the kind wants to know, its IFLA_INFO_DATA. EEXIST where there is one of that name. */
  async createLink(name: string, kind: string, data?: (writer: AttributeWriter) => void): Promise<void> {
    const writer = new AttributeWriter().string(IFLA.IFNAME, name);
    writer.nested(IFLA.LINKINFO, (info) => {
      info.string(LINK_INFO.KIND, kind);
      if (data !== undefined) info.nested(LINK_INFO.DATA, data);
    });
    await this.connection.change(
      request(`creating ${name}`, RTM.NEWLINK, linkHead({}), writer.finish(), FLAG.CREATE | FLAG.EXCL),
    );
  }

  async deleteLink({ index, name }: Link): Promise<void> {
    await this.connection.change(request(`deleting ${name}`, RTM.DELLINK, linkHead({ index }), NOTHING));
  }

  async addresses(): Promise<LinkAddress[]> {
    const operation = "listing the addresses";
    // Of every family: struct rtgenmsg, which an ifaddrmsg of zeros begins with.
    const found = await this.connection.dump(request(operation, RTM.GETADDR, Buffer.alloc(8), NOTHING), (message) =>
      unpackAddress(message, operation),
    );
    return found.filter((address) => address !== undefined);
  }

  /** EEXIST where the link has it. */
  async addAddress(address: NewAddress): Promise<void> {
    await this.connection.change(
      request(`adding ${address.address}`, RTM.NEWADDR, addressHead(address), packAddress(address), FLAG.CREATE | FLAG.EXCL),
    );
  }

  /** EADDRNOTAVAIL where the link has it not. */
  async deleteAddress(address: LinkAddress): Promise<void> {
    await this.connection.change(request(`deleting ${address.address}`, RTM.DELADDR, addressHead(address), packAddress(address)));
  }

  /** Whether packets to an address are delivered to this machine, as its routes are now. */
  async isLocal(address: IpAddress): Promise<boolean> {
    return (await this.routeTo(address))?.type === RTN_LOCAL;
  }

  /** How this machine's own packets to an address leave; undefined where they cannot. */
  async routeTo(address: IpAddress): Promise<Route | undefined> {
    const operation = `asking for the route to ${address.address}`;
    try {
      const asked = request(operation, RTM.GETROUTE, routeHead(address), packRoute(address));
      return await this.connection.request(asked, (answer) => unpackRoute(answer, operation));
    } catch (error) {
      // No way at all, or one that refuses: "unreachable", "blackhole".
      if (error instanceof NetlinkError && !(error instanceof MalformedMessage)) return undefined;
      throw error;
    }
  }

  /** The addresses of others for which devices answer (pndisc_is_router in net/ipv6/ndisc.c). */
  async proxyNeighbours(family: Family): Promise<ProxyNeighbour[]> {
    const operation = "listing the proxy neighbours";
    const head = neighbourHead({ family, index: 0, flags: NTF_PROXY });
    const found = await this.connection.dump(request(operation, RTM.GETNEIGH, head, NOTHING), (message) => unpackNeighbour(message, operation));
    return found.filter((neighbour) => neighbour !== undefined);
  }

  /**
   * Gratuitous ARP: tells the link's neighbours that an IPv4 address is here.
   * The kernel asks for a neighbour with the first address of the link that
   * has it in its network (inet_select_addr in net/ipv4/devinet.c); asked for
   * the address itself, and given the address once more, as a network of two
   * of narrow scope, which stands first, it asks with the address for the
   * address. That is a gratuitous ARP. All of it is one datagram, which the
   * kernel works through before anybody can interrupt us.
   */
  async announce(link: Link, address: string): Promise<void> {
    const operation = `announcing ${address} on ${link.name}`;
    const family = AF.INET;
    const taken = new Set((await this.addresses()).filter((one) => one.address === address && one.index === link.index).map(({ prefix }) => prefix));
    const prefix = [31, 30, 29].find((free) => !taken.has(free)) ?? 28;
    const first: LinkAddress = { index: link.index, family, address, prefix, flags: IFA_FLAG.NOPREFIXROUTE, scope: RT_SCOPE.LINK, label: undefined };
    const neighbour = (type: number, flags: number, how = 0): Request =>
      request(operation, type, neighbourHead({ family, index: link.index, flags }), packNeighbour({ family, address }), how);
    const forget = neighbour(RTM.DELNEIGH, 0);
    const refusals = await this.connection.batch([
      // What was known of whoever had the address before: of a known neighbour, nobody is asked.
      forget,
      request(operation, RTM.NEWADDR, addressHead(first), packAddress(first), FLAG.CREATE | FLAG.EXCL),
      neighbour(RTM.NEWNEIGH, NTF_USE, FLAG.CREATE),
      forget,
      request(operation, RTM.DELADDR, addressHead(first), packAddress({ ...first, flags: 0 })),
    ]);
    const refusal = refusals.find(({ index }) => index !== 0);
    if (refusal !== undefined) throw refusal.error;
  }

  /**
   * Whether we may change anything: the kernel asks for CAP_NET_ADMIN in the
   * namespace's own user namespace first (rtnetlink_rcv_msg in
   * net/core/rtnetlink.c), and then for the link, which is not there.
   */
  async mayChange(): Promise<boolean> {
    try {
      const nothing: LinkAddress = { index: NO_LINK, family: 2, address: "0.0.0.0", prefix: 32, flags: 0, scope: 0, label: undefined };
      await this.deleteAddress(nothing);
      return true;
    } catch (error) {
      if (error instanceof NetlinkError) return error.errno !== ERRNO.EPERM;
      throw error;
    }
  }
}

const withoutCounters = (): AttributeWriter => new AttributeWriter().u32(IFLA.EXT_MASK, RTEXT_FILTER_SKIP_STATS);

const request = (operation: string, type: number, head: Uint8Array, attributes: Uint8Array, flags = 0): Request => ({
  operation,
  type,
  flags,
  head,
  attributes,
});
