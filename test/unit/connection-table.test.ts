import assert from "node:assert/strict";
import { isIP } from "node:net";
import { test } from "node:test";
import fc from "fast-check";
import { formatAddress } from "../../src/ipvs/address";
import { type ConnectionEndpoint, ConnectionReader, type Read, type Word } from "../../src/ipvs/connections";
import { AF } from "../../src/ipvs/constants";
import { writeConnection } from "../../src/views/connections";
import { namedNaming, numericNaming } from "../../src/views/naming";
import { written } from "./written";

const HEADING = "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n";

/** An entry with all that it refers to. */
interface Entry {
  readonly protocol: string;
  readonly client: string;
  readonly virtual: string;
  readonly server: string;
  readonly state: string;
  readonly expires: number;
  readonly engine: string;
  readonly engineData: string;
}

/** Hands out a text in pieces of these sizes in turn, as long as there is room. */
function inPieces(text: string, sizes: readonly number[] = [4_096]): Read {
  const bytes = Buffer.from(text, "latin1");
  let from = 0;
  let turn = 0;
  return (into, at) => {
    const size = Math.min(sizes[turn++ % sizes.length]!, into.length - at);
    const piece = bytes.subarray(from, from + size);
    into.set(piece, at);
    from += piece.length;
    return piece.length;
  };
}

const endpointText = ({ family, address, port }: ConnectionEndpoint): string =>
  family === AF.INET6 ? `[${formatAddress(address)}]:${port}` : `${formatAddress(address)}:${port}`;

function copyOf({ bytes, entry }: ConnectionReader): Entry {
  const text = ({ start, end }: Word): string => Buffer.from(bytes.subarray(start, end)).toString("latin1");
  return {
    protocol: text(entry.protocol),
    client: endpointText(entry.client),
    virtual: endpointText(entry.virtual),
    server: endpointText(entry.server),
    state: text(entry.state),
    expires: entry.expires,
    engine: text(entry.engine),
    engineData: text(entry.engineData),
  };
}

function read(read: Read): { entries: Entry[]; malformed: boolean } {
  const reader = new ConnectionReader(read);
  const entries: Entry[] = [];
  while (reader.nextBlock()) {
    const first: Entry[] = [];
    while (reader.next()) first.push(copyOf(reader));
    reader.rewind();
    const second: Entry[] = [];
    while (reader.next()) second.push(copyOf(reader));
    assert.deepEqual(second, first);
    entries.push(...first);
  }
  return { entries, malformed: reader.malformed };
}

/** Undefined where the line is none of the kernel's. */
function readLine(line: string): Entry | undefined {
  const { entries, malformed } = read(inPieces(HEADING + line));
  return malformed ? undefined : entries[0];
}

function print(text: string, engines: boolean, naming = numericNaming): string {
  return written((page) => {
    const reader = new ConnectionReader(inPieces(text));
    while (reader.nextBlock()) while (reader.next()) writeConnection(page, reader, engines, naming);
  });
}

/**
 * Lines of /proc/net/ip_vs_conn on Linux 6.1, what they say, and how
 * ipvsadm 1.31 printed them with -Lnc --persistent-conn.
 */
const REAL: readonly (readonly [line: string, entry: Entry, printed: string])[] = [
  [
    "TCP 7F000001 CD2A 7F000002 0050 7F000001 0051 TIME_WAIT       119",
    {
      protocol: "TCP",
      client: "127.0.0.1:52522",
      virtual: "127.0.0.2:80",
      server: "127.0.0.1:81",
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
      client: "127.0.0.1:0",
      virtual: "127.0.0.2:80",
      server: "127.0.0.1:81",
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
      client: "127.0.0.1:0",
      virtual: "0.0.0.5:0",
      server: "127.0.0.1:0",
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
      client: "[::1]:59618",
      virtual: "[::1]:80",
      server: "[::1]:81",
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
      client: "127.0.0.1:0",
      virtual: "127.0.0.2:5060",
      server: "127.0.0.1:5060",
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
    assert.deepEqual(readLine(`${line}\n`), entry);
    assert.equal(print(`${HEADING}${line}\n`, true), `${printed}\n`);
  });
}

test("without --persistent-conn the engine is not printed", () => {
  const [line = ""] = REAL.at(-1) ?? [];
  assert.equal(print(`${HEADING}${line}\n`, false), "UDP 00:59  NONE        127.0.0.1:0        127.0.0.2:5060     127.0.0.1:5060\n");
});

const WHOLE = "TCP 0A000001 C001 C0000201 0050 0A000002 1F90 ESTABLISHED     899";

test("more blanks around a line and between its words do not matter, nor does the end of the last line", () => {
  const entry = readLine(`${WHOLE}\n`);
  assert.notEqual(entry, undefined);
  for (const line of [`  ${WHOLE.replaceAll(" ", "  ")} \n`, WHOLE, `${WHOLE} `]) assert.deepEqual(readLine(line), entry);
});

test("what follows the engine's data is not read", () => {
  const line = `${WHOLE} sip one two three\n`;
  assert.deepEqual(readLine(line), { ...readLine(`${WHOLE}\n`), engine: "sip", engineData: "one" });
  assert.equal(read(inPieces(HEADING + line + line)).entries.length, 2);
});

test("an engine may have no data", () => {
  assert.deepEqual(readLine(`${WHOLE} sip \n`), { ...readLine(`${WHOLE}\n`), engine: "sip" });
});

/** The real line with one field replaced. */
const MALFORMED: Readonly<Record<string, string>> = {
  "an empty line": "\n",
  "a line of blanks": "    \n",
  "the heading": HEADING,
  "a line cut after its state": `${WHOLE.replace(/ +899$/, "")}\n`,
  "a line cut in an address": `${WHOLE.slice(0, 24)}\n`,
  "a last line cut in an address": WHOLE.slice(0, 24),
  "a protocol alone": "TCP",
  "a long address": `${WHOLE.replace("0A000001", "0A0000010")}\n`,
  "a short address": `${WHOLE.replace("0A000001", "A000001")}\n`,
  "an address that is no number": `${WHOLE.replace("0A000001", "0A00000G")}\n`,
  "an IPv6 address of seven groups": `${WHOLE.replace("0A000001", "0000:0000:0000:0000:0000:0000:0001")}\n`,
  "an IPv6 address of nine groups": `${WHOLE.replace("0A000001", "0000:0000:0000:0000:0000:0000:0000:0000:0001")}\n`,
  "an IPv6 address that is shortened": `${WHOLE.replace("0A000001", "::1")}\n`,
  "a long port": `${WHOLE.replace("C001", "C0010")}\n`,
  "a short port": `${WHOLE.replace("C001", "C01")}\n`,
  "a port that is no number": `${WHOLE.replace("1F90", "http")}\n`,
  "a time that is no number": `${WHOLE.replace("899", "soon")}\n`,
  "a time in parts": `${WHOLE.replace("899", "8.99")}\n`,
  "a time that ends in a letter": `${WHOLE}s\n`,
  "control characters between words": `${WHOLE.replaceAll(" ", "\t")}\n`,
};

for (const [what, line] of Object.entries(MALFORMED)) {
  test(`${what} is no entry, and nothing behind it is read`, () => {
    assert.deepEqual(read(inPieces(`${HEADING}${WHOLE}\n${line}`)), { entries: [readLine(WHOLE)], malformed: true });
    if (line.endsWith("\n")) assert.equal(read(inPieces(`${HEADING}${WHOLE}\n${line}${WHOLE}\n`)).entries.length, 1);
  });
}

test("a table without entries, and a file without a heading", () => {
  assert.deepEqual(read(inPieces(HEADING)), { entries: [], malformed: false });
  assert.deepEqual(read(inPieces(HEADING.trimEnd())), { entries: [], malformed: false });
  assert.deepEqual(read(inPieces("")), { entries: [], malformed: true });
});

test("a line as long as the kernel's longest is read, and one that never ends is malformed", () => {
  const ipv6 = "2001:0DB8:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF";
  const longest = `SCTP ${ipv6} FFFF ${ipv6} FFFF ${ipv6} FFFF SHUTDOWN_ACK_SENT 4294967295 ${"e".repeat(15)} ${"d".repeat(255)}\n`;
  const { entries, malformed } = read(inPieces(HEADING + longest.repeat(1_000), [4_096, 3, 500]));
  assert.equal(malformed, false);
  assert.equal(entries.length, 1_000);
  for (const entry of entries) assert.equal(entry.engineData, "d".repeat(255));
  assert.deepEqual(read(inPieces(HEADING + WHOLE + "x".repeat(1_000_000))), { entries: [], malformed: true });
  assert.deepEqual(read(inPieces("x".repeat(1_000_000))), { entries: [], malformed: true });
});

test("a table is the same wherever it is cut into pieces", () => {
  const text = HEADING + REAL.map(([line]) => `${line}\n`).join("");
  const entries = REAL.map(([, entry]) => entry);
  for (let size = 1; size <= text.length; size++) assert.deepEqual(read(inPieces(text, [size])), { entries, malformed: false });
});

test("a block may end at any place of a line", () => {
  const lines = `${WHOLE}\n`.repeat(2_000);
  for (let length = HEADING.length; length < HEADING.length + WHOLE.length + 1; length++) {
    const heading = `${"h".repeat(length)}\n`;
    const { entries, malformed } = read(inPieces(heading + lines));
    assert.equal(malformed, false);
    assert.equal(entries.length, 2_000);
    for (const entry of entries) assert.deepEqual(entry, entries[0]);
  }
});

test("a table that ends at any place of its last line is an entry less, or malformed, or one that reads as another", () => {
  for (let length = 0; length < WHOLE.length; length++) {
    const { entries, malformed } = read(inPieces(`${HEADING}${WHOLE}\n${WHOLE.slice(0, length)}`));
    const timeIsCut = length > WHOLE.length - 3;
    assert.equal(malformed, length > 0 && !timeIsCut, `${length}`);
    assert.equal(entries.length, timeIsCut ? 2 : 1);
  }
});

/** What the kernel may write of a connection, and the same in plain words. */
const number = (max: number): fc.Arbitrary<number> => fc.oneof(fc.constantFrom(0, 1, max), fc.integer({ min: 0, max }));
const hex = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, "0");
const ipv4 = number(0xffffffff).map((value) => ({ raw: hex(value, 8), text: formatAddress(value), six: false }));
const ipv6 = fc.array(number(0xffff), { minLength: 8, maxLength: 8 }).map((groups) => {
  const bytes = Uint8Array.from(groups.flatMap((group) => [group >>> 8, group & 0xff]));
  return { raw: groups.map((group) => hex(group, 4).toLowerCase()).join(":"), text: formatAddress(bytes), six: true };
});
const endpoint = (address: typeof ipv4): fc.Arbitrary<{ raw: string; text: string }> =>
  fc.tuple(address, number(0xffff)).map(([{ raw, text, six }, port]) => ({
    raw: `${raw} ${hex(port, 4)}`,
    text: six ? `[${text}]:${port}` : `${text}:${port}`,
  }));
/** Any bytes but those that end a word in C. */
const dataText = fc.array(fc.integer({ min: 0x21, max: 0xff }), { minLength: 1, maxLength: 255 }).map((codes) => String.fromCharCode(...codes));
const engines = fc.option(fc.tuple(fc.constantFrom("sip", "an-engine-of-15"), dataText), { nil: undefined });
const connection = fc.oneof(ipv4, ipv6).chain(({ six }) => {
  const address = endpoint(six ? ipv6 : ipv4);
  return fc.record({
    protocol: fc.constantFrom("TCP", "UDP", "SCTP", "IP", "IP_47"),
    client: address,
    virtual: address,
    // An IPv4 entry may have an IPv6 server, by tunnel.
    server: fc.oneof(address, endpoint(ipv6), endpoint(ipv4)),
    state: fc.constantFrom("NONE", "SYN_RECV", "ESTABLISHED", "SHUTDOWN_ACK_SENT"),
    expires: number(0xffffffff),
    engine: engines,
  });
});
type Connection = typeof connection extends fc.Arbitrary<infer C> ? C : never;

/** ip_vs_conn_seq_show. */
const kernelLine = ({ protocol, client, virtual, server, state, expires, engine }: Connection): string =>
  `${protocol.padEnd(3)} ${client.raw} ${virtual.raw} ${server.raw} ${state.padEnd(11)} ${String(expires).padStart(7)}${engine === undefined ? "" : ` ${engine.join(" ")}`}\n`;

/** ipvsadm -Lnc, with --persistent-conn or without, by strings. */
function plainLine({ protocol, client, virtual, server, state, expires, engine }: Connection, withEngines: boolean): string {
  const time = [Math.trunc(expires / 60), expires % 60].map((part) => String(part).padStart(2, "0")).join(":");
  const start = [protocol.padEnd(3), time.padEnd(6), state.padEnd(11), client.text.padEnd(18), virtual.text.padEnd(18)].join(" ");
  if (engine === undefined || !withEngines) return `${start} ${server.text}\n`;
  return `${start} ${server.text.padEnd(16)} ${engine[0].padEnd(18)} ${engine[1]}\n`;
}

test("property: what is printed of any entries is what strings make of them", () => {
  fc.assert(
    fc.property(fc.array(connection, { maxLength: 30, size: "max" }), fc.boolean(), (all, withEngines) => {
      const pieces: Buffer[] = [];
      const text = HEADING + all.map(kernelLine).join("");
      const printed = written((page) => {
        const reader = new ConnectionReader(inPieces(text, [4_096, 100, 1]));
        while (reader.nextBlock()) {
          while (reader.next()) {
            pieces.push(Buffer.from(copyOf(reader).engineData, "latin1"));
            writeConnection(page, reader, withEngines, numericNaming);
          }
        }
        assert.equal(reader.malformed, false);
      });
      assert.equal(printed, Buffer.from(all.map((one) => plainLine(one, withEngines)).join(""), "latin1").toString());
      assert.deepEqual(pieces.map((piece) => piece.toString("latin1")), all.map(({ engine }) => engine?.[1] ?? ""));
    }),
  );
});

test("property: any line is an entry or none", () => {
  const field = fc.oneof(fc.constantFrom(...WHOLE.split(/ +/)), fc.string());
  fc.assert(
    fc.property(fc.array(field, { maxLength: 12, size: "max" }), (fields) => {
      const { entries } = read(inPieces(`${HEADING}${fields.join(" ")}\n`));
      for (const { client, virtual, server } of entries) {
        for (const text of [client, virtual, server]) assert.notEqual(isIP(text.replace(/:\d+$/, "").replace(/^\[|\]$/g, "")), 0);
      }
    }),
  );
});

test("names stand in the place of addresses and ports, in columns of bytes, and are cut to 59", () => {
  const hosts = new Map([
    ["10.0.0.1", "café.example"],
    ["192.0.2.1", "w".repeat(80)],
  ]);
  const naming = namedNaming(hosts, (port, protocol) => (port === 80 && protocol === 6 ? "http" : undefined));
  assert.equal(
    print(`${HEADING}${WHOLE}\n`, false, naming),
    `TCP 14:59  ESTABLISHED café.example:49153 ${"w".repeat(59)} 10.0.0.2:8080\n`,
  );
  assert.equal(
    print(`${HEADING}${WHOLE.replace("TCP", "UDP").replace("C0000201", "0A000003")} sip x\n`, true, naming),
    "UDP 14:59  ESTABLISHED café.example:49153 10.0.0.3:80        10.0.0.2:8080    sip                x\n",
  );
});
