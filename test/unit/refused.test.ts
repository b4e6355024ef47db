/** What the kernel refuses, as the program tells it: its message and its status. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { executeLate } from "../../src/commands/late";
import { run } from "../../src/commands/run";
import { IpvsClient } from "../../src/ipvs/client";
import { Connection } from "../../src/netlink/connection";
import { ERRNO } from "../../src/netlink/errors";
import { NO_NAMES } from "./parsing";
import { LINUX_6_1 } from "./recorded/kernels";
import { datagram, refusal, replay, ScriptedSocket } from "./scripted-socket";

const FORBIDDEN =
  "Can't initialize ipvs: Permission denied (you must be root)\nAre you sure that IP Virtual Server is built in the kernel or as module?\n";
const IN_USER_NAMESPACE = "This is a user namespace: IPVS obeys only the root of the initial one.\n";
const REFUSED: readonly (readonly [words: string, errno: ERRNO, message: string, status: number])[] = [
  ["-D -t 192.0.2.1:80", ERRNO.ESRCH, "No such service\n", 255],
  ["-D -t 192.0.2.1:80", ERRNO.EPERM, FORBIDDEN, 2],
  ["-A -t 192.0.2.1:80", ERRNO.EINVAL, "Invalid operation.  Possibly wrong module version, address not unicast, ...\n", 255],
  ["-Ln -t 192.0.2.1:80", ERRNO.ESRCH, "No such service\n", 1],
  ["-Ln -t 192.0.2.1:80", ERRNO.EPERM, FORBIDDEN, 2],
  ["-Ln -t 192.0.2.1:80", ERRNO.ENOMEM, "asking for a service: Cannot allocate memory\n", 2],
  ["-Ln", ERRNO.EPERM, FORBIDDEN, 2],
  ["--set 1 2 3", ERRNO.EPERM, FORBIDDEN, 2],
];

for (const [words, errno, message, status] of REFUSED) {
  for (const [prompt, inUserNamespace] of [[true, false], [false, false], [true, true]] as const) {
    test(`${words} refused with ${ERRNO[errno]}${prompt ? "" : ", by and by"}${inUserNamespace ? ", in a user namespace" : ""}`, async () => {
      const socket = new ScriptedSocket(replay(LINUX_6_1.family), (sent) => [datagram(refusal(sent, errno))]);
      socket.prompt = prompt;
      let said = "";
      const found = await run(words.split(" "), {
        program: "ipvsadm",
        environment: () => ({}),
        inUserNamespace: () => inUserNamespace,
        out: (text) => assert.fail(`nothing is listed: ${text}`),
        write: (bytes) => assert.fail(`nothing is listed: ${bytes}`),
        error: (text) => void (said += text),
        input: () => Buffer.alloc(0),
        names: { ...NO_NAMES, hostNames: async () => new Map(), patience: 0, serviceName: () => undefined },
        ipvs: () => IpvsClient.open(new Connection(socket)),
        connectionTable: () => ({ path: "", read: () => 0, close: () => {} }),
      }, executeLate);
      const more = inUserNamespace && errno === ERRNO.EPERM ? IN_USER_NAMESPACE : "";
      assert.deepEqual([found, said], [status, message + more]);
      socket.finish();
    });
  }
}
