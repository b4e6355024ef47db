/** The requests that ipvsadm 1.31 sent for a command line, against ours for the same one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { IpvsClient } from "../../src/ipvs/client";
import type { Change } from "../../src/ipvs/model";
import { Connection } from "../../src/netlink/connection";
import { FLAG } from "../../src/netlink/message";
import { attributeLines } from "./attribute-tree";
import { parse } from "./parsing";
import { RECORDINGS } from "./recorded/kernels";
import { acknowledgement, datagram, replay, ScriptedSocket } from "./scripted-socket";

/**
 * Attributes that one of the two sends and the other does not. Where the
 * kernel only looks a service or a server up, it reads the key alone
 * (need_full_svc and need_full_dest in ip_vs_ctl.c), and 1.31 sends the rest
 * with its defaults; the interface of a daemon that is stopped is not read.
 */
const SERVICE_DETAILS = ["1.6", "1.7", "1.8", "1.9"];
const SERVER_DETAILS = ["2.3", "2.4", "2.5", "2.6", "2.13", "2.14", "2.15"];
const NOT_READ: Readonly<Record<Change["kind"], readonly string[]>> = {
  "add-service": [],
  "edit-service": [],
  "delete-service": SERVICE_DETAILS,
  "add-server": SERVICE_DETAILS,
  "edit-server": SERVICE_DETAILS,
  "delete-server": [...SERVICE_DETAILS, ...SERVER_DETAILS],
  flush: [],
  zero: SERVICE_DETAILS,
  "set-timeouts": [],
  "start-daemon": [],
  "stop-daemon": ["3.2"],
};

const HEADERS = 20;

async function changeOf(command: string): Promise<Change | undefined> {
  const intent = await parse(command.split(" ").slice(1));
  return intent.kind === "change" ? intent.change : undefined;
}

for (const { kernel, family, runs } of RECORDINGS) {
  for (const { command, exchanges } of runs) {
    // The answers to -L are compared as tables.
    if (command.startsWith("ipvsadm -L")) continue;
    test(`${kernel}: ${command}`, async () => {
      const change = await changeOf(command);
      assert.ok(change !== undefined);
      const socket = new ScriptedSocket(replay(family), (sent) => [datagram(acknowledgement(sent))]);
      await (await IpvsClient.open(new Connection(socket))).change(change);
      const [ours] = socket.sent[1] ?? [];
      const [exchange] = exchanges;
      assert.ok(ours !== undefined && exchange !== undefined && exchanges.length === 1);

      const { request } = exchange;
      assert.deepEqual([ours.type, ours.flags], [request.readUInt16LE(4), request.readUInt16LE(6)]);
      assert.equal(ours.flags, FLAG.REQUEST | FLAG.ACK);
      assert.deepEqual([ours.command, ours.version], [request[16], request[17]]);
      const read = (line: string): boolean => !NOT_READ[change.kind].includes(line.split("=", 1)[0] ?? "");
      assert.deepEqual(attributeLines(ours.attributes).filter(read), attributeLines(request.subarray(HEADERS)).filter(read));
    });
  }
}
