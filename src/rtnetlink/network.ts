import { addressBytes, addressText, hostPrefix, type IpAddress, parseIp } from "./ip";

/** A network of IP, its address without bits beyond the prefix. */
export interface Network extends IpAddress {
  readonly prefix: number;
}

export const networkText = ({ address, prefix }: Network): string => `${address}/${prefix}`;

/** ADDRESS/PREFIX; or what is wrong with it, in words. The whole of IPv4 or IPv6 is no network. */
export function parseNetwork(text: string): Network | string {
  const [start = "", length, ...more] = text.split("/");
  const address = parseIp(start);
  if (address === undefined || more.length > 0) return `${JSON.stringify(text)} is not a network (such as 10.0.2.0/24 or 2001:db8:2::/64)`;
  const { family } = address;
  const longest = hostPrefix(family);
  const prefix = length === undefined ? longest : /^[1-9][0-9]{0,2}$/.test(length) ? Number(length) : 0;
  if (prefix < 1 || prefix > longest) return `${JSON.stringify(text)} is not a network: a prefix length is 1 to ${longest}`;
  const network = networkOf(address, prefix);
  return network.address === address.address ? network : `${text} is not a network, but ${networkText(network)} is`;
}

/** The network of an address. */
export function networkOf(address: IpAddress, prefix: number): Network {
  const { family } = address;
  const bytes = addressBytes(address).map((byte, index) => byte & maskByte(prefix - 8 * index));
  return { family, address: addressText(family, bytes), prefix };
}

/** The byte of a mask of which so many bits are left: all of them, some, or none. */
const maskByte = (bits: number): number => (bits >= 8 ? 0xff : bits <= 0 ? 0 : (0xff << (8 - bits)) & 0xff);
