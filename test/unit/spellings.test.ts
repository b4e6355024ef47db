/** However an option is spelt, the command line means the same. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { LongName } from "../../src/command-line/options";
import { WORDS } from "../words";
import { outcome, parse } from "./parsing";

/** An option with its argument where it has one, before it is spelt. */
interface Given {
  readonly long: LongName;
  readonly argument?: string;
}

/** How one option is spelt: long or short, its argument joined in one of three ways, in a cluster with those before it. */
interface Spelling {
  readonly short: boolean;
  readonly join: "space" | "equals" | "nothing";
  readonly cluster: boolean;
}

const spelling: fc.Arbitrary<Spelling> = fc.record({
  short: fc.boolean(),
  join: fc.constantFrom("space", "equals", "nothing"),
  cluster: fc.boolean(),
});

const number = (min: number, max: number): fc.Arbitrary<string> => fc.integer({ min, max }).map(String);
const ip = fc.constantFrom("192.0.2.1", "10.1.2.3", "0x7f.1");
const endpoint = fc.oneof(
  fc.tuple(ip, number(1, 65535)).map(([host, port]) => `${host}:${port}`),
  fc.tuple(fc.constantFrom("[2001:db8::1]", "[::1]"), number(1, 65535)).map(([host, port]) => `${host}:${port}`),
);

const flag = (...longs: LongName[]): fc.Arbitrary<Given[]> => fc.constantFrom(...longs).map((long) => [{ long }]);
const option = (long: LongName, argument: fc.Arbitrary<string>): fc.Arbitrary<Given[]> =>
  argument.map((argument) => [{ long, argument }]);
const nothing: fc.Arbitrary<Given[]> = fc.constant([]);
const perhaps = (given: fc.Arbitrary<Given[]>): fc.Arbitrary<Given[]> => fc.oneof(nothing, given);
const sequence = (...parts: fc.Arbitrary<Given[]>[]): fc.Arbitrary<Given[]> => fc.tuple(...parts).map((given) => given.flat());
const anyOrder = (...parts: fc.Arbitrary<Given[]>[]): fc.Arbitrary<Given[]> =>
  sequence(...parts).chain((given) => fc.shuffledSubarray(given, { minLength: given.length }));

const mark = sequence(option("fwmark-service", number(1, 2 ** 32 - 1)), perhaps(flag("ipv6")));
const virtualService = fc.oneof(option("tcp-service", endpoint), option("udp-service", endpoint), option("sctp-service", endpoint), mark);
const persistent = fc.oneof(flag("persistent"), option("persistent", number(1, 2_678_400)));

/** Command lines that are right as they stand. */
const COMMAND_LINES: Readonly<Record<string, fc.Arbitrary<Given[]>>> = {
  service: sequence(
    flag("add-service", "edit-service"),
    virtualService,
    anyOrder(
      perhaps(option("scheduler", fc.constantFrom("rr", "wlc", "sh"))),
      perhaps(persistent),
      perhaps(option("netmask", number(1, 128))),
      perhaps(option("pe", fc.constant("sip"))),
      perhaps(option("sched-flags", fc.constantFrom("flag-1", "flag-1,flag-3"))),
    ),
  ),
  "one-packet service": sequence(flag("add-service"), fc.oneof(mark, option("udp-service", endpoint)), anyOrder(flag("ops"), perhaps(persistent))),
  server: sequence(
    flag("add-server", "edit-server"),
    mark,
    option("real-server", endpoint),
    anyOrder(
      flag("ipip"),
      perhaps(option("weight", number(0, 65535))),
      perhaps(option("u-threshold", number(0, 1000))),
      perhaps(option("l-threshold", number(0, 1000))),
      fc.oneof(
        nothing,
        sequence(option("tun-type", fc.constant("gue")), option("tun-port", number(1, 65535)), perhaps(flag("tun-csum", "tun-nocsum"))),
        sequence(option("tun-type", fc.constant("gre")), flag("tun-csum")),
      ),
    ),
  ),
  list: sequence(
    flag("list"),
    anyOrder(
      perhaps(flag("numeric")),
      perhaps(flag("exact")),
      perhaps(flag("nosort", "sort")),
      perhaps(flag("stats", "rate", "thresholds", "persistent-conn", "tun-info")),
      perhaps(virtualService.filter((given) => given.length === 1)),
    ),
  ),
  connections: sequence(flag("list"), anyOrder(flag("connection"), perhaps(flag("numeric")), perhaps(flag("persistent-conn")))),
  daemon: sequence(
    option("start-daemon", fc.constantFrom("master", "backup")),
    anyOrder(
      perhaps(option("mcast-interface", fc.constantFrom("eth1", "lo"))),
      perhaps(option("mcast-group", fc.constantFrom("224.0.0.99", "ff02::99"))),
      perhaps(option("mcast-port", number(1, 65535))),
      perhaps(option("mcast-ttl", number(1, 255))),
      perhaps(option("syncid", number(0, 255))),
      perhaps(option("sync-maxlen", number(1, 65507))),
    ),
  ),
  "delete or zero": sequence(flag("delete-service", "zero"), virtualService),
  save: sequence(flag("save"), perhaps(flag("numeric"))),
};

const SHORT = new Map(
  WORDS.flatMap(({ long, short }): [string, string][] => (short === undefined ? [] : [[long, short]])),
);

/** Every option in a word of its own, arguments behind "=". */
const plain = (given: readonly Given[]): string[] =>
  given.map(({ long, argument }) => (argument === undefined ? `--${long}` : `--${long}=${argument}`));

function spell(given: readonly Given[], spellings: readonly Spelling[]): string[] {
  const words: string[] = [];
  /** Whether the last word is a cluster that another letter may join. */
  let open = false;
  for (const [index, { long, argument }] of given.entries()) {
    const { short, join, cluster } = spellings[index % spellings.length]!;
    const letter = short ? SHORT.get(long) : undefined;
    if (letter === undefined) words.push(`--${long}`);
    else if (open && cluster) words.push(`${words.pop()}${letter}`);
    else words.push(`-${letter}`);
    if (argument !== undefined) {
      if (join === "space") words.push(argument);
      else words.push(`${words.pop()}${letter === undefined || join === "equals" ? "=" : ""}${argument}`);
    }
    // The letters behind -p would be its argument.
    open = letter !== undefined && argument === undefined && long !== "persistent";
  }
  return words;
}

for (const [what, commandLine] of Object.entries(COMMAND_LINES)) {
  test(`property: a ${what}, spelt in any way, means the same`, async () => {
    await fc.assert(
      fc.asyncProperty(commandLine, fc.array(spelling, { minLength: 1, maxLength: 12 }), async (given, spellings) => {
        assert.deepEqual(await outcome(spell(given, spellings)), await parse(plain(given)));
      }),
    );
  });
}
