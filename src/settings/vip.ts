import { AF } from "../ipvs/constants";
import { addressBytes, type IpAddress, parseIp } from "../rtnetlink/ip";
import { quoted } from "../cli/quoted";
import { SettingsFailure } from "./failure";

/** Addresses that no virtual service can have: which bits, which value, and what they are. */
type Forbidden = readonly [bits: number, start: readonly number[], what: string];

const FORBIDDEN: Readonly<Record<AF, readonly Forbidden[]>> = {
  2: [
    [32, [0, 0, 0, 0], "the unspecified address"],
    [8, [0], "an address of this network, 0.0.0.0/8"],
    [8, [127], "a loopback address"],
    [4, [224], "a multicast address"],
    [32, [255, 255, 255, 255], "the broadcast address"],
  ],
  10: [
    [128, [], "the unspecified address"],
    [128, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], "the loopback address"],
    [96, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff], "an IPv4 address: write it as one"],
    [10, [0xfe, 0x80], "a link-local address"],
    [8, [0xff], "a multicast address"],
  ],
};

function begins(bytes: Uint8Array, bits: number, start: readonly number[]): boolean {
  for (let bit = 0; bit < bits; bit++) {
    const mask = 0x80 >> (bit & 7);
    if (((bytes[bit >> 3] ?? 0) & mask) !== ((start[bit >> 3] ?? 0) & mask)) return false;
  }
  return true;
}

/** The address of a virtual service, as typed. Throws SettingsFailure with status 2. */
export function parseVip(text: string): IpAddress {
  const vip = parseIp(text);
  if (vip === undefined) {
    const [address = ""] = text.split("/", 1);
    const masked = address !== text && parseIp(address) !== undefined;
    throw new SettingsFailure(masked ? `${text}: a VIP has no prefix length (${address})` : `${quoted(text)}: not an IP address`, 2);
  }
  const bytes = addressBytes(vip);
  const forbidden = FORBIDDEN[vip.family].find(([bits, start]) => begins(bytes, bits, start));
  if (forbidden !== undefined) throw new SettingsFailure(`${text}: cannot be a VIP: it is ${forbidden[2]}`, 2);
  return vip;
}
