/** The whole program over what real kernels answered: it prints what ipvsadm 1.31 printed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { run } from "../../src/commands/run";
import { IpvsClient } from "../../src/ipvs/client";
import { Connection } from "../../src/netlink/connection";
import { RECORDINGS } from "./recorded/kernels";
import { replay, ScriptedSocket } from "./scripted-socket";

const WHOLE_TABLE = "ipvsadm -L -n --stats --exact";

for (const { kernel, family, info, runs } of RECORDINGS) {
  for (const { command, output, exchanges } of runs) {
    test(`${kernel}: ${command}`, async () => {
      const asked = command === WHOLE_TABLE ? [info, ...exchanges] : exchanges;
      const socket = new ScriptedSocket(replay(family), ...asked.map(replay));
      let printed = "";
      const print = (text: string): void => void (printed += text);
      await run(command.split(" ").slice(1), {
        program: "ipvsadm",
        environment: {},
        out: print,
        error: print,
        input: () => Buffer.alloc(0),
        names: {
          hostAddress: async () => undefined,
          hostNames: async () => new Map(),
          patience: 0,
          servicePort: () => undefined,
          serviceName: () => undefined,
        },
        ipvs: () => IpvsClient.open(new Connection(socket)),
        connectionTable: () => [],
      });
      assert.equal(printed, output);
      socket.finish();
    });
  }
}
