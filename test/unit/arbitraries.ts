/** The model at random, for properties: whatever the kernel could be told. */
import fc from "fast-check";
import { ADDRESS_LENGTH } from "../../src/ipvs/address";
import { AF, FWD, IPPROTO, TUNNEL } from "../../src/ipvs/constants";
import type { Address, Daemon, Family, Server, Service, Timeouts } from "../../src/ipvs/model";

const PLAIN = { noNullPrototype: true } as const;

export const u8 = fc.integer({ min: 0, max: 0xff });
export const u16 = fc.integer({ min: 0, max: 0xffff });
export const u32 = fc.integer({ min: 0, max: 0xffffffff });
export const s32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

/** A name that the kernel could keep. */
const name = fc.string({ unit: fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz0123456789_-."), minLength: 1, maxLength: 15 });

const ipv6: fc.Arbitrary<Address> = fc
  .uint8Array({ minLength: ADDRESS_LENGTH, maxLength: ADDRESS_LENGTH })
  .map((bytes) => new Uint8Array(bytes));

export const place: fc.Arbitrary<{ family: Family; address: Address }> = fc.oneof(
  fc.record({ family: fc.constant<Family>(AF.INET), address: u32 }, PLAIN),
  fc.record({ family: fc.constant<Family>(AF.INET6), address: ipv6 }, PLAIN),
);

/** Known by protocol, address and port, or by a mark alone. */
const serviceKey = fc.oneof(
  fc
    .tuple(place, fc.constantFrom(IPPROTO.TCP, IPPROTO.UDP, IPPROTO.SCTP), u16)
    .map(([where, protocol, port]) => ({ ...where, protocol, port, mark: 0 })),
  fc
    .tuple(fc.constantFrom<Family>(AF.INET, AF.INET6), fc.integer({ min: 1, max: 0xffffffff }))
    .map(([family, mark]) => ({ family, mark, protocol: 0, port: 0, address: 0 })),
);

export const service: fc.Arbitrary<Service> = fc
  .tuple(
    serviceKey,
    fc.record({ scheduler: name, flags: u32, timeout: u32, netmask: u32, engine: fc.oneof(fc.constant(""), name) }, PLAIN),
  )
  .map(([key, details]) => ({ ...key, ...details }));

export const server: fc.Arbitrary<Server> = fc
  .tuple(
    place,
    fc.record(
      {
        port: u16,
        forwarding: fc.constantFrom(FWD.MASQ, FWD.LOCALNODE, FWD.TUNNEL, FWD.DROUTE, FWD.BYPASS),
        weight: s32,
        upper: u32,
        lower: u32,
        tunnelType: fc.constantFrom(TUNNEL.IPIP, TUNNEL.GUE, TUNNEL.GRE),
        tunnelPort: u16,
        tunnelFlags: u16,
      },
      PLAIN,
    ),
  )
  .map(([where, details]) => ({ ...where, ...details }));

export const daemon: fc.Arbitrary<Daemon> = fc
  .tuple(
    fc.record(
      { role: fc.constantFrom("master", "backup"), interface: name, syncId: u32, maxLength: u16, port: u16, ttl: u8 },
      PLAIN,
    ),
    fc.option(place, { nil: undefined }),
  )
  .map(([daemon, group]) => (group === undefined ? daemon : { ...daemon, group }));

export const timeouts: fc.Arbitrary<Timeouts> = fc.record({ tcp: u32, tcpFin: u32, udp: u32 }, PLAIN);
