import { formatAddress } from "../ipvs/address";
import { AF } from "../ipvs/constants";
import type { Address, Family } from "../ipvs/model";
import { cut } from "../netlink/text";

/** Turns an address and a port into what a list shows of them. */
export interface Naming {
  /** `protocol` is an IPPROTO_* number, or 0 where services have no names. */
  endpoint(family: Family, address: Address, port: number, protocol: number): string;
}

/** The longest text of an endpoint, in bytes: ipvsadm's own limit. */
const LONGEST = 59;

const join = (family: Family, host: string, port: number | string): string =>
  family === AF.INET6 ? `[${host}]:${port}` : `${host}:${port}`;

export const numericNaming: Naming = {
  endpoint: (family, address, port) => join(family, formatAddress(address), port),
};

/** Names where there are some: of hosts by the text of their address, of services by port and protocol. */
export const namedNaming = (
  hosts: ReadonlyMap<string, string>,
  serviceName: (port: number, protocol: number) => string | undefined,
  longest = LONGEST,
): Naming => ({
  endpoint: (family, address, port, protocol) => {
    const host = formatAddress(address);
    return cut(join(family, hosts.get(host) ?? host, serviceName(port, protocol) ?? port), longest);
  },
});
