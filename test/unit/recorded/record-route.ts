/**
 * Records the bytes of a real kernel's links, addresses and FOU ports, in the lab:
 *
 *   npm run -s build:test && test/lab/run [--kernel qemu] -- node build/unit/recorded/record-route.cjs FILE
 */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { release } from "node:os";
import { Connection } from "../../../src/netlink/connection";
import { resolveFamily } from "../../../src/netlink/generic";
import { NpmSocket } from "../../../src/netlink/npm-socket";
import { type Datagram, NETLINK, type NetlinkSocket } from "../../../src/netlink/socket";
import { FouClient } from "../../../src/rtnetlink/fou-client";
import { RouteClient } from "../../../src/rtnetlink/route-client";
import { playFou, playRoute } from "./route-script";

/** A socket that keeps what passes it. */
class Recorder implements NetlinkSocket {
  readonly knowsSender = false;
  readonly exchanges: { request: Buffer; replies: Buffer[] }[] = [];

  constructor(private readonly socket: NetlinkSocket) {}

  get receiveBufferSize(): number {
    return this.socket.receiveBufferSize;
  }

  get sendBufferSize(): number {
    return this.socket.sendBufferSize;
  }

  send(buffer: Uint8Array, length: number): void {
    this.exchanges.push({ request: Buffer.from(buffer.subarray(0, length)), replies: [] });
    this.socket.send(buffer, length);
  }

  /** All come by events. */
  received(): undefined {
    return undefined;
  }

  async receive(timeout: number): Promise<Datagram> {
    const datagram = await this.socket.receive(timeout);
    this.exchanges.at(-1)?.replies.push(Buffer.from(datagram.data));
    return datagram;
  }

  discard(): void {
    this.socket.discard();
  }

  close(): void {
    this.socket.close();
  }
}

const lines = (bytes: Buffer): string => bytes.toString("hex").replace(/.{96}(?=.)/g, "$&\n        ");
const shown = ({ exchanges }: Recorder): string =>
  exchanges
    .map(({ request, replies }) => `    {\n      request: hex("${request.toString("hex")}"),\n      replies: [${replies.map((reply) => `hex(\`\n        ${lines(reply)}\n      \`)`).join(", ")}],\n    },\n`)
    .join("");

async function main(file: string): Promise<void> {
  for (const name of ["ipv6", "dummy", "ipip", "ip6_tunnel", "fou", "fou6"]) execFileSync("modprobe", [name]);
  const route = new Recorder(new NpmSocket(NETLINK.ROUTE));
  const fou = new Recorder(new NpmSocket(NETLINK.GENERIC));
  const connection = new Connection(fou);
  const family = await resolveFamily(connection, "fou");
  fou.exchanges.length = 0;
  const links = await playRoute(new RouteClient(new Connection(route)));
  const ports = await playFou(new FouClient(connection, family));
  writeFileSync(
    file,
    `/** Linux ${release()}, little-endian; written by record-route.ts. */\nimport { hex, type RouteRecording } from "./exchange";\n\nexport const routeRecording: RouteRecording = {\n  kernel: "Linux ${release()}",\n  family: ${family},\n  route: [\n${shown(route)}  ],\n  fou: [\n${shown(fou)}  ],\n};\n`,
  );
  console.log(JSON.stringify({ links, ports }, undefined, 1));
}

void main(process.argv[2] ?? "/dev/stdout").then(() => process.exit(0));
