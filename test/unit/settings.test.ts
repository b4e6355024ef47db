import assert from "node:assert/strict";
import { test } from "node:test";
import { DIRECT_ROUTING, optionsOfWords, OUTERS, type RealServerOptions, TUNNELS, wordsOfOptions } from "../../src/real-server/options";
import { optionsText, sysctlText } from "../../src/settings/persist";
import { wantedFor } from "../../src/real-server/wanted";
import type { Finding } from "../../src/settings/engine";
import { SettingsFailure } from "../../src/settings/failure";
import { bind, bindJson } from "../../src/settings/kinds";
import { type Identity, isSame } from "../../src/settings/namespace";
import { stateOf, statusCode } from "../../src/settings/report";
import { sysctlName, Sysctls } from "../../src/settings/sysctl";
import { parseVip } from "../../src/settings/vip";

const VIPS: Readonly<Record<string, string>> = {
  "192.0.2.1": "192.0.2.1",
  "1.0.0.0": "1.0.0.0",
  "223.255.255.255": "223.255.255.255",
  "240.0.0.1": "240.0.0.1",
  "2001:DB8:0:0::1": "2001:db8::1",
  "fd00::": "fd00::",
  "fec0::1": "fec0::1",
  "::2": "::2",
};

for (const [text, address] of Object.entries(VIPS)) test(`${text} can be a VIP`, () => assert.equal(parseVip(text).address, address));

const NO_VIPS = ["", "x", "192.0.2.1/32", "2001:db8::1/128", "0.0.0.0", "0.0.0.1", "127.0.0.1", "127.255.255.255", "224.0.0.0", "239.1.2.3", "255.255.255.255"];
const NO_LONG_VIPS = ["::", "::1", "::ffff:192.0.2.1", "fe80::1", "febf::1", "ff02::1", "ff0e::1", "2001:db8::1%lo", "[::1]"];

for (const text of [...NO_VIPS, ...NO_LONG_VIPS]) {
  test(`${JSON.stringify(text)} cannot be a VIP, and the message names it`, () =>
    assert.throws(() => parseVip(text), (error) => error instanceof SettingsFailure && error.status === 2 && error.message.includes(text)));
}

test("sysctls are named as sysctl(8) names them", () => {
  assert.equal(sysctlName("net/ipv4/conf/all/arp_ignore"), "net.ipv4.conf.all.arp_ignore");
  assert.equal(sysctlName("net/ipv4/conf/eth0.100/rp_filter"), "net.ipv4.conf.eth0/100.rp_filter");
});

const NO_SETTINGS: readonly unknown[] = [
  7,
  {},
  { kind: "spoon" },
  { kind: "toString" },
  { kind: "sysctl", key: "../../etc/passwd", value: 1 },
  { kind: "sysctl", key: "net/../../../etc/passwd", value: 1 },
  { kind: "sysctl", key: "/etc/passwd", value: 1 },
  { kind: "sysctl", key: "net/ipv4/conf/./x", value: 1 },
  { kind: "module", name: "-r" },
  { kind: "module", name: "ip_vs; reboot" },
  { kind: "link-up", link: "../lo" },
  { kind: "link-up", link: "a-name-that-is-too-long" },
  { kind: "address", link: "lo", address: "192.0.2.1/24", numbered: true },
  { kind: "fou-port", port: 0, family: 2 },
  { kind: "fou-port", port: 6080, family: 7 },
];

for (const setting of NO_SETTINGS) test(`${JSON.stringify(setting)} is no setting`, () => assert.throws(() => bindJson(setting)));

const EVERY: readonly RealServerOptions[] = [DIRECT_ROUTING, ...TUNNELS.map((tunnel) => ({ tunnel, port: 6080 })), { tunnel: "gue", port: 7000 }, ...TUNNELS.flatMap((tunnel) => OUTERS.map((outer) => ({ tunnel, port: 6080, outer })))];

test("the options that are recorded are those that were given", () => {
  for (const options of EVERY) assert.deepEqual(optionsOfWords(wordsOfOptions(options)), options);
});

test("what is wanted survives the record", () => {
  for (const options of EVERY) {
    for (const vip of ["192.0.2.1", "2001:db8::1"]) {
      for (const setting of wantedFor(parseVip(vip), options)) {
        const bound = bind(setting);
        const read = bindJson(JSON.parse(JSON.stringify(bound.setting)));
        assert.deepEqual([read.id, read.subject, read.wanted], [bound.id, bound.subject, bound.wanted]);
      }
    }
  }
});

test("the VIP comes last, after the sysctls that keep it quiet", () => {
  for (const options of EVERY) {
    for (const vip of ["192.0.2.1", "2001:db8::1"]) {
      const kinds = wantedFor(parseVip(vip), options).map(({ kind }) => kind);
      assert.equal(kinds.indexOf("address"), kinds.length - 1);
    }
  }
});

const PERSISTENCE = { program: "lvs-realserver", folder: "realserver", variable: "LVS_REALSERVER_OPTIONS" };
/** A kernel without any. */
const NO_SYSCTLS = { sysctls: new (class extends Sysctls {
  override read = (): undefined => undefined;
})() };

test("what is persistent", () => {
  assert.match(optionsText(PERSISTENCE, wordsOfOptions({ tunnel: "gue", port: 6090 })), /^LVS_REALSERVER_OPTIONS="--tunnel gue --port 6090"$/m);
  assert.equal(
    sysctlText(PERSISTENCE, wantedFor(parseVip("192.0.2.1"), { tunnel: "ipip", port: 6080 }), NO_SYSCTLS).split("\n").slice(1).join("\n"),
    "net/ipv4/conf/all/arp_ignore = 1\nnet/ipv4/conf/all/arp_announce = 2\nnet/ipv4/conf/all/rp_filter = 0\n-net/ipv4/conf/tunl0/rp_filter = 0\n",
  );
});

const NAMESPACE: Identity = { boot: "a", cookie: "1", links: ["02:00:00:00:00:01", "02:00:00:00:00:02"] };
const COOKIELESS: Identity = { ...NAMESPACE, cookie: null };
const IDENTITIES: readonly (readonly [what: string, then: Identity, now: Identity, same: boolean])[] = [
  ["the same", NAMESPACE, NAMESPACE, true],
  ["other links", NAMESPACE, { ...NAMESPACE, links: [] }, true],
  ["another boot", NAMESPACE, { ...NAMESPACE, boot: "b" }, false],
  ["another cookie", NAMESPACE, { ...NAMESPACE, cookie: "2" }, false],
  ["no cookie, a link that stayed", COOKIELESS, { ...COOKIELESS, links: ["02:00:00:00:00:02"] }, true],
  ["no cookie, other links", COOKIELESS, { ...COOKIELESS, links: ["02:00:00:00:00:03"] }, false],
  ["no cookie any more", NAMESPACE, COOKIELESS, true],
];

for (const [what, then, now, same] of IDENTITIES) test(`a record's namespace: ${what}`, () => assert.equal(isSame(then, now), same));

const finding = (kind: Finding["kind"], holds: boolean): Finding => ({ kind, subject: "", wanted: "", found: "", holds });

test("what a status is, and its exit status", () => {
  assert.equal(stateOf([finding("sysctl", true), finding("address", true)]), "active");
  assert.equal(stateOf([finding("sysctl", false), finding("address", true)]), "wrong");
  assert.equal(stateOf([finding("sysctl", true), finding("address", false)]), "inactive");
  assert.deepEqual([statusCode(["active", "active"]), statusCode(["inactive"]), statusCode([]), statusCode(["active", "inactive"]), statusCode(["wrong"])], [0, 3, 3, 1, 1]);
});
