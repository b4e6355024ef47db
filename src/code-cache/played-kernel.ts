/**
 * The kernel's part in a rehearsal: it answers every request with the least
 * that a program goes on with, a table of two services with a server each.
 */
import { packServer, packService, packTimeouts } from "../ipvs/codec";
import { AF, CMD, FWD, INFO, IPPROTO } from "../ipvs/constants";
import type { Server, Service } from "../ipvs/model";
import { AttributeWriter } from "../netlink/attributes";
import { align, readU16, readU32, writeU16, writeU32 } from "../netlink/bytes";
import { ERRNO } from "../netlink/errors";
import { CONTROLLER, FAMILY_ID } from "../netlink/generic";
import { FLAG, GENERIC_HEADER, HEADER, TYPE } from "../netlink/message";

/** What the family is numbered; any number will do. */
const FAMILY = 32;

const SERVICE: Service = {
  family: AF.INET,
  mark: 0,
  protocol: IPPROTO.TCP,
  address: 0xc0000201,
  port: 80,
  scheduler: "rr",
  flags: 0,
  timeout: 0,
  netmask: 0xffffffff,
  engine: "",
};
const OTHER_SERVICE: Service = { ...SERVICE, port: 81 };
const SERVER: Server = {
  family: AF.INET,
  address: 0xc0000202,
  port: 80,
  forwarding: FWD.MASQ,
  weight: 1,
  upper: 0,
  lower: 0,
  tunnelType: 0,
  tunnelPort: 0,
  tunnelFlags: 0,
};

const ANSWERS: Readonly<Record<number, () => AttributeWriter[]>> = {
  [CMD.GET_INFO]: () => [new AttributeWriter().u32(INFO.VERSION, 0x010201).u32(INFO.CONN_TAB_SIZE, 4096)],
  [CMD.GET_CONFIG]: () => [packTimeouts(new AttributeWriter(), { tcp: 900, tcpFin: 120, udp: 300 })],
  [CMD.GET_SERVICE]: () => [SERVICE, OTHER_SERVICE].map((service) => packService(new AttributeWriter(), service)),
  [CMD.GET_DEST]: () => [packServer(new AttributeWriter(), SERVER)],
};

/** The same, as /proc/net/ip_vs has it. */
export const PLAYED_PROC = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
TCP  C0000201:0050 rr${" "}
  -> C0000202:0050      Masq    1      0          0${" ".repeat(9)}
TCP  C0000201:0051 rr${" "}
  -> C0000202:0050      Masq    1      0          0${" ".repeat(9)}
`;

type Receive = (message: Buffer, info: { port: number; groups: number }) => void;

/** Stands in for the native socket of the npm package netlink, and for its descriptor. */
export class PlayedSocket {
  /** The one that is open. */
  static current: PlayedSocket | undefined;
  private readonly receive: Receive;
  private answers: Buffer[] = [];

  constructor(_protocol: number, _size: number, receive: Receive) {
    this.receive = receive;
    PlayedSocket.current = this;
  }

  bind(): void {}
  close(): void {}
  getRecvBufferSize = (): number => 212_992;
  getSendBufferSize = (): number => 212_992;

  /** As write(2) and read(2) on the descriptor; what is not read comes by event. */
  write(datagram: Uint8Array): number {
    this.answers.push(...requests(Buffer.from(datagram)).flatMap(answer));
    setImmediate(() => this.answers.splice(0).forEach((message) => this.receive(message, { port: 0, groups: 0 })));
    return datagram.length;
  }

  read(into: Uint8Array): number {
    const next = this.answers.shift();
    if (next === undefined) throw Object.assign(new Error("nothing there"), { errno: -ERRNO.EAGAIN });
    return next.copy(into);
  }
}

function requests(datagram: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < datagram.length; at += align(readU32(datagram, at))) {
    found.push(datagram.subarray(at, at + readU32(datagram, at)));
  }
  return found;
}

function answer(request: Buffer): Buffer[] {
  const [family, flags, sequence, command] = [readU16(request, 4), readU16(request, 6), readU32(request, 8), request.readUInt8(HEADER)];
  const answers = family === CONTROLLER.family ? [new AttributeWriter().u16(FAMILY_ID, FAMILY)] : (ANSWERS[command]?.() ?? []);
  const said = answers.map((attributes) => message(FAMILY, sequence, Buffer.concat([Buffer.alloc(GENERIC_HEADER), attributes.finish()])));
  if ((flags & FLAG.DUMP) !== 0) return [...said, message(TYPE.DONE, sequence, Buffer.alloc(4))];
  return (flags & FLAG.ACK) === 0 ? [] : [...said, message(TYPE.ERROR, sequence, Buffer.alloc(4 + HEADER))];
}

function message(type: number, sequence: number, payload: Buffer): Buffer {
  const written = Buffer.concat([Buffer.alloc(HEADER), payload]);
  writeU32(written, written.length, 0);
  writeU16(written, type, 4);
  writeU32(written, sequence, 8);
  return written;
}
