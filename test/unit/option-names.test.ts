/** The name that messages have for each option. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { commandOf, type LongName } from "../../src/command-line/options";
import { WORDS } from "../words";
import { outcome } from "./parsing";

const NAMED: Partial<Record<LongName, string>> = {
  "tcp-service": "service-address",
  "udp-service": "service-address",
  "sctp-service": "service-address",
  "fwmark-service": "service-address",
  gatewaying: "forwarding-method",
  ipip: "forwarding-method",
  masquerading: "forwarding-method",
};
const ARGUMENTS: Partial<Record<LongName, string>> = {
  "tcp-service": "1.2.3.4:80",
  "udp-service": "1.2.3.4:80",
  "sctp-service": "1.2.3.4:80",
  "real-server": "1.1.1.1",
  "tun-type": "gue",
  "mcast-group": "224.0.0.1",
  netmask: "255.0.0.0",
};

for (const { long, argument } of WORDS) {
  if (commandOf(long) !== undefined || long === "ipv6" || long === "sort") continue;
  test(`--${long} twice is refused by its name`, async () => {
    const word = argument === "none" ? `--${long}` : `--${long}=${ARGUMENTS[long] ?? "1"}`;
    assert.deepEqual(await outcome(["-A", word, word]), { status: 2, message: `multiple '${NAMED[long] ?? long}' options specified` });
  });
}
