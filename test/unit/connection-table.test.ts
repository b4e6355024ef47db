import assert from "node:assert/strict";
import { isIP } from "node:net";
import { test } from "node:test";
import fc from "fast-check";
import { type ConnectionEndpoint, type ConnectionEntry, lines, parseConnection } from "../../src/ipvs/connections";
import { AF } from "../../src/ipvs/constants";
import { numericNaming } from "../../src/views/naming";
import { connectionLine } from "../../src/views/connections";

const place = (host: string, port: number): ConnectionEndpoint => ({ family: isIP(host) === 6 ? AF.INET6 : AF.INET, host, port });

/**
 * Lines of /proc/net/ip_vs_conn on Linux 6.1, what they say, and how
 * ipvsadm 1.31 printed them with -Lnc --persistent-conn.
 */
const REAL: readonly (readonly [line: string, entry: ConnectionEntry, printed: string])[] = [
  [
    "TCP 7F000001 CD2A 7F000002 0050 7F000001 0051 TIME_WAIT       119",
    {
      protocol: "TCP",
      client: place("127.0.0.1", 52522),
      virtual: place("127.0.0.2", 80),
      server: place("127.0.0.1", 81),
      state: "TIME_WAIT",
      expires: 119,
      engine: "",
      engineData: "",
    },
    "TCP 01:59  TIME_WAIT   127.0.0.1:52522    127.0.0.2:80       127.0.0.1:81",
  ],
  [
    "TCP 7F000001 0000 7F000002 0050 7F000001 0051 ASSURED         299",
    {
      protocol: "TCP",
      client: place("127.0.0.1", 0),
      virtual: place("127.0.0.2", 80),
      server: place("127.0.0.1", 81),
      state: "ASSURED",
      expires: 299,
      engine: "",
      engineData: "",
    },
    "TCP 04:59  ASSURED     127.0.0.1:0        127.0.0.2:80       127.0.0.1:81",
  ],
  [
    "IP  7F000001 0000 00000005 0000 7F000001 0000 NONE             59",
    {
      protocol: "IP",
      client: place("127.0.0.1", 0),
      virtual: place("0.0.0.5", 0),
      server: place("127.0.0.1", 0),
      state: "NONE",
      expires: 59,
      engine: "",
      engineData: "",
    },
    "IP  00:59  NONE        127.0.0.1:0        0.0.0.5:0          127.0.0.1:0",
  ],
  [
    "TCP 0000:0000:0000:0000:0000:0000:0000:0001 E8E2 0000:0000:0000:0000:0000:0000:0000:0001 0050 " +
      "0000:0000:0000:0000:0000:0000:0000:0001 0051 TIME_WAIT       119",
    {
      protocol: "TCP",
      client: place("::1", 59618),
      virtual: place("::1", 80),
      server: place("::1", 81),
      state: "TIME_WAIT",
      expires: 119,
      engine: "",
      engineData: "",
    },
    "TCP 01:59  TIME_WAIT   [::1]:59618        [::1]:80           [::1]:81",
  ],
  [
    "UDP 7F000001 0000 7F000002 13C4 7F000001 13C4 NONE             59 sip 1j9FpLxk3uxtm8tn@biloxi.example.com",
    {
      protocol: "UDP",
      client: place("127.0.0.1", 0),
      virtual: place("127.0.0.2", 5060),
      server: place("127.0.0.1", 5060),
      state: "NONE",
      expires: 59,
      engine: "sip",
      engineData: "1j9FpLxk3uxtm8tn@biloxi.example.com",
    },
    "UDP 00:59  NONE        127.0.0.1:0        127.0.0.2:5060     127.0.0.1:5060   sip                1j9FpLxk3uxtm8tn@biloxi.example.com",
  ],
];

for (const [line, entry, printed] of REAL) {
  test(`"${line}" is read, and printed as ipvsadm prints it`, () => {
    assert.deepEqual(parseConnection(line), entry);
    assert.equal(connectionLine(entry, true, numericNaming), `${printed}\n`);
  });
}

test("without --persistent-conn the engine is not printed", () => {
  const [line, entry] = REAL.at(-1)!;
  assert.deepEqual(parseConnection(line), entry);
  assert.equal(
    connectionLine(entry, false, numericNaming),
    "UDP 00:59  NONE        127.0.0.1:0        127.0.0.2:5060     127.0.0.1:5060\n",
  );
});

const WHOLE = "TCP 0A000001 C001 C0000201 0050 0A000002 1F90 ESTABLISHED     899";

test("white space around a line and between its fields does not matter", () => {
  assert.deepEqual(parseConnection(`  ${WHOLE.replaceAll(" ", "\t ")} \r`), parseConnection(WHOLE));
});

/** The real line with one field replaced. */
const MALFORMED: Readonly<Record<string, string>> = {
  "an empty line": "",
  "the heading": "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData",
  "a line cut after its state": WHOLE.replace(/ +899$/, ""),
  "a line cut in an address": WHOLE.slice(0, 24),
  "a long address": WHOLE.replace("0A000001", "0A0000010"),
  "a short address": WHOLE.replace("0A000001", "A000001"),
  "an address that is no number": WHOLE.replace("0A000001", "0A00000G"),
  "an IPv6 address of seven groups": WHOLE.replace("0A000001", "0:0:0:0:0:0:1"),
  "a long port": WHOLE.replace("C001", "C0010"),
  "a port that is no number": WHOLE.replace("1F90", "http"),
  "a time that is no number": WHOLE.replace("899", "soon"),
  "a time in parts": WHOLE.replace("899", "8.99"),
};

for (const [what, line] of Object.entries(MALFORMED)) {
  test(`${what} is no entry`, () => assert.equal(parseConnection(line), undefined));
}

test("property: any line is an entry or none", () => {
  const field = fc.oneof(fc.constantFrom(...WHOLE.split(/ +/)), fc.string());
  fc.assert(
    fc.property(fc.array(field, { maxLength: 12, size: "max" }), (fields) => {
      const entry = parseConnection(fields.join(" "));
      assert.ok(entry === undefined || [entry.client, entry.virtual, entry.server].every(({ host }) => isIP(host) !== 0));
    }),
  );
});

test("property: lines are the same however the text is cut into pieces", () => {
  const text = fc.array(fc.constantFrom("a", "bc", " ", "\n"), { maxLength: 60, size: "max" }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, fc.array(fc.nat({ max: 7 }), { minLength: 1 }), (text, sizes) => {
      const pieces: string[] = [];
      for (let at = 0, turn = 0; at < text.length; turn++) {
        const size = turn < sizes.length ? sizes[turn]! : 1;
        pieces.push(text.slice(at, at + size));
        at += size;
      }
      const whole = text.split("\n");
      // A newline ends a line; what follows the last one is a line where it is not empty.
      if (whole.at(-1) === "") whole.pop();
      assert.deepEqual([...lines(pieces)], whole);
    }),
  );
});
