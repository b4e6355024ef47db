/** HOST:PORT is read in a short way where both are plain, and must mean what the long way says. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseCommandLine } from "../../src/command-line/parse";
import { parseIpv6 } from "../../src/ipvs/address";
import { AF } from "../../src/ipvs/constants";
import { NO_NAMES, outcome, parse } from "./parsing";

// A blank behind the address, which inet_aton passes over, forces the long way.
for (const port of ["80", "080", "0", "00", "+80", "-80", " 80", "8 ", "8x", "", "65535", "65536", "9".repeat(20)]) {
  test(`port "${port}" is read as by the long way`, async () => {
    assert.deepEqual(await outcome(["-A", "-t", `1.2.3.4:${port}`, "-p"]), await outcome(["-A", "-t", `1.2.3.4 :${port}`, "-p"]));
  });
}
for (const host of ["0.0.0.0", "255.255.255.255", "010.1.1.1", "1.2.3.256", "1.2.3", "1..2.3", "1.2.3.4.5"]) {
  test(`host "${host}" is read as by the long way`, async () => {
    assert.deepEqual(await outcome(["-A", "-t", `${host}:80`]), await outcome(["-A", "-t", `${host} :80`]));
  });
}

const ADDRESS = parseIpv6("::7");
const NAMES = {
  ...NO_NAMES,
  hostAddress: async (host: string) => (host === "six.example" && ADDRESS !== undefined ? ({ family: AF.INET6, address: ADDRESS } as const) : undefined),
};
for (const [named, plain] of [
  ["-A -t six.example:80 -p", "-A -t [::7]:80 -p"],
  ["-a -t six.example:80 -r six.example", "-a -t [::7]:80 -r ::7"],
  ["-a -r six.example -t six.example:80 -m", "-a -r ::7 -t [::7]:80 -m"],
] as const) {
  test(`where six.example is ::7, ${named} is ${plain}`, async () => {
    const found = await parseCommandLine(named.split(" "), { program: "ipvsadm", posix: () => false, names: NAMES });
    assert.deepEqual(found, await parse(plain.split(" ")));
  });
}
