/**
 * The whole program over what real kernels answered: for each command line it
 * sends what ipvsadm 1.31 sent, and prints what ipvsadm 1.31 printed.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { executeLate } from "../../src/commands/late";
import { run } from "../../src/commands/run";
import { IpvsClient } from "../../src/ipvs/client";
import { CMD } from "../../src/ipvs/constants";
import { Connection } from "../../src/netlink/connection";
import { FLAG } from "../../src/netlink/message";
import { attributeLines } from "./attribute-tree";
import { NO_NAMES } from "./parsing";
import { RECORDINGS } from "./recorded/kernels";
import { replay, ScriptedSocket, type Sent } from "./scripted-socket";

/**
 * Attributes that one of the two sends and the other does not. Where the
 * kernel only looks a service or a server up, it reads the key alone
 * (need_full_svc and need_full_dest in ip_vs_ctl.c), and 1.31 sends the rest
 * with its defaults; the interface of a daemon that is stopped is not read.
 */
const SERVICE_DETAILS = ["1.6", "1.7", "1.8", "1.9"];
const SERVER_DETAILS = ["2.3", "2.4", "2.5", "2.6", "2.13", "2.14", "2.15"];
const NOT_READ: Readonly<Partial<Record<number, readonly string[]>>> = {
  [CMD.GET_SERVICE]: SERVICE_DETAILS,
  [CMD.DEL_SERVICE]: SERVICE_DETAILS,
  [CMD.ZERO]: SERVICE_DETAILS,
  [CMD.NEW_DEST]: SERVICE_DETAILS,
  [CMD.SET_DEST]: SERVICE_DETAILS,
  [CMD.DEL_DEST]: [...SERVICE_DETAILS, ...SERVER_DETAILS],
  [CMD.DEL_DAEMON]: ["3.2"],
};

/** A request without what the kernel does not read, nor the ACK of a dump, which has an end of its own. */
function essence({ type, flags, command, version, attributes }: Omit<Sent, "sequence">) {
  const ignored = NOT_READ[command] ?? [];
  return {
    type,
    flags: (flags & FLAG.DUMP) === 0 ? flags : flags & ~FLAG.ACK,
    command,
    version,
    attributes: attributeLines(attributes).filter((line) => !ignored.includes(line.split("=", 1)[0] ?? "")),
  };
}

const recorded = (request: Buffer): Omit<Sent, "sequence"> => ({
  type: request.readUInt16LE(4),
  flags: request.readUInt16LE(6),
  command: request.readUInt8(16),
  version: request.readUInt8(17),
  attributes: request.subarray(20),
});

const WHOLE_TABLE = "ipvsadm -L -n --stats --exact";

for (const { kernel, family, info, runs } of RECORDINGS) {
  for (const { command, output, exchanges } of runs) {
    test(`${kernel}: ${command}`, async () => {
      const expected = [family, ...(command === WHOLE_TABLE ? [info] : []), ...exchanges];
      const socket = new ScriptedSocket(...expected.map(replay));
      let printed = "";
      const print = (text: string): void => void (printed += text);
      await run(command.split(" ").slice(1), {
        program: "ipvsadm",
        environment: () => ({}),
    inUserNamespace: () => false,
        out: print,
        write: (bytes) => print(Buffer.from(bytes).toString()),
        error: print,
        input: () => Buffer.alloc(0),
        names: { ...NO_NAMES, hostNames: async () => new Map(), patience: 0, serviceName: () => undefined },
        ipvs: () => IpvsClient.open(new Connection(socket)),
        connectionTable: () => ({ path: "", read: () => 0, close: () => {} }),
      }, executeLate);
      assert.equal(printed, output);
      assert.deepEqual(
        socket.sent.flat().map(essence),
        expected.map(({ request }) => essence(recorded(request))),
      );
      socket.finish();
    });
  }
}
