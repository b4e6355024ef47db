import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { AF } from "../../src/ipvs/constants";
import { parseCommandLine } from "../../src/director/command-line";
import { type DirectorOptions, MODES, optionsOfWords, wordsOfOptions } from "../../src/director/options";
import { wantedFor } from "../../src/director/wanted";
import { type Network, networkText, parseNetwork } from "../../src/rtnetlink/network";
import { type IpAddress, parseIp } from "../../src/rtnetlink/ip";
import { SettingsFailure } from "../../src/settings/failure";
import { iptablesRule, isNftListing, nftTable } from "../../src/settings/firewall";
import type { Setting } from "../../src/settings/kinds";

function ip(text: string): IpAddress {
  const found = parseIp(text);
  if (found === undefined) throw new Error(text);
  return found;
}

function network(text: string): Network {
  const found = parseNetwork(text);
  if (typeof found === "string") throw new Error(found);
  return found;
}

const VIP4 = ip("192.0.2.1");
const VIP6 = ip("2001:db8::1");
const NETS = ["10.0.2.0/24", "2001:db8:2::/64"].map(network);
const options = (mode: DirectorOptions["mode"], dev = "eth0"): DirectorOptions => ({ dev, mode, serverNets: mode === "fullnat" ? NETS : [] });

/** A setting in a line. */
function line(setting: Setting): string {
  if (setting.kind === "sysctl") return `${setting.key}=${setting.value}`;
  return Object.values(setting).join(" ");
}
const lines = (vip: IpAddress, mode: DirectorOptions["mode"], dev?: string): string[] => wantedFor(vip, options(mode, dev)).map(line);

const ADDRESS4 = ["net/ipv4/conf/eth0/arp_notify=1", "address eth0 192.0.2.1 true"];
const ADDRESS6 = ["net/ipv6/conf/eth0/ndisc_notify=1", "address eth0 2001:db8::1 false true", "unique-address eth0 2001:db8::1"];

test("what each mode needs, in the order of applying", () => {
  for (const mode of ["dr", "tun"] as const) {
    assert.deepEqual(lines(VIP4, mode), ADDRESS4);
    assert.deepEqual(lines(VIP6, mode), ["module ipv6", ...ADDRESS6]);
  }
  const redirects = ["net/ipv4/conf/all/send_redirects=0", "net/ipv4/conf/eth0/send_redirects=0"];
  assert.deepEqual(lines(VIP4, "nat"), [...redirects, `forwarding ${AF.INET}`, ...ADDRESS4]);
  assert.deepEqual(lines(VIP6, "nat"), ["module ipv6", `forwarding ${AF.INET6}`, ...ADDRESS6]);
  const tracked = ["module ip_vs", "net/ipv4/vs/conntrack=1"];
  assert.deepEqual(lines(VIP4, "fullnat"), [`forwarding ${AF.INET}`, ...tracked, "source-nat 192.0.2.1 10.0.2.0/24", ...ADDRESS4]);
  assert.deepEqual(lines(VIP6, "fullnat"), ["module ipv6", `forwarding ${AF.INET6}`, ...tracked, "source-nat 2001:db8::1 2001:db8:2::/64", ...ADDRESS6]);
});

test("an address has a label only where there is room for it", () => {
  assert.ok(lines(VIP4, "dr", "abcdefghijkl").includes("address abcdefghijkl 192.0.2.1 true"));
  assert.ok(lines(VIP4, "dr", "abcdefghijklm").includes("address abcdefghijklm 192.0.2.1 false"));
});

test("options are recorded as words, and read back", () => {
  for (const mode of MODES) assert.deepEqual(optionsOfWords(wordsOfOptions(options(mode))), options(mode));
  assert.equal(optionsOfWords([]), undefined);
  assert.equal(optionsOfWords(["--dev", "eth0", "--mode", "nat", "--server-net", "nonsense"]), undefined);
});

test("networks: every prefix without the bits beyond it, and no other", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffffff }), fc.integer({ min: 1, max: 32 }), (bits, prefix) => {
      const quad = (value: number): string => [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff).join(".");
      const start = (bits & (0xffffffff << (32 - prefix))) >>> 0;
      assert.deepEqual(parseNetwork(`${quad(start)}/${prefix}`), { family: AF.INET, address: quad(start), prefix });
      if (start !== bits) assert.equal(parseNetwork(`${quad(bits)}/${prefix}`), `${quad(bits)}/${prefix} is not a network, but ${quad(start)}/${prefix} is`);
    }),
  );
  assert.equal(networkText(network("2001:DB8::/33")), "2001:db8::/33");
  assert.equal(networkText(network("2001:db8::1")), "2001:db8::1/128");
  for (const text of ["", "10.0.0.0/", "10.0.0.0/0", "10.0.0.0/33", "10.0.0.0/08", "10.0.0.0/8/8", "::/0", "2001:db8::/129", "10.0/8", "lan"]) {
    assert.equal(typeof parseNetwork(text), "string", text);
  }
});

/** As nft 1.0.6 lists what was loaded. */
const LISTED = `table ip6 lvs-director-2001_db8__1-2001_db8_2__-64 {
	chain postrouting {
		type nat hook postrouting priority srcnat; policy accept;
		ct original ip6 daddr 2001:db8::1 ip6 daddr 2001:db8:2::/64 ct status ! dnat masquerade
	}
}
`;

test("a table of nft is ours as it lists it, and not where it was changed", () => {
  const ours = { vip: VIP6, servers: network("2001:db8:2::/64") };
  assert.equal(nftTable(ours), "lvs-director-2001_db8__1-2001_db8_2__-64");
  assert.ok(isNftListing(LISTED, ours));
  assert.ok(isNftListing(LISTED.replace("! dnat", "& dnat == 0").replace("srcnat", "100"), ours));
  for (const [text, other] of [["masquerade", "masquerade random"], ["::1 ", "::2 "], ["/64 ct", "/63 ct"], ["policy accept", "policy drop"], ["ct status ! dnat ", ""]] as const) {
    assert.ok(!isNftListing(LISTED.replace(text, other), ours), other);
  }
});

test("the rule of iptables is for one VIP, and one network", () => {
  const rule = iptablesRule({ vip: VIP4, servers: network("10.0.2.0/24") }).join(" ");
  assert.equal(rule, "-d 10.0.2.0/24 -m conntrack ! --ctstate DNAT --ctorigdst 192.0.2.1 -m comment --comment lvs-director -j MASQUERADE");
});

test("the command line", async () => {
  const parsed = await parseCommandLine(["start", "192.0.2.1", "2001:db8::1", "192.0.2.1", "--dev", "eth0", "--mode=fullnat", "--server-net", "10.0.2.0/24", "--server-net", "2001:db8:2::/64", "-v"]);
  assert.deepEqual(parsed, { command: "start", vips: [VIP4, VIP6], options: options("fullnat"), all: false, dryRun: false, json: false, verbose: true, interval: undefined, persist: false });
  const plain = await parseCommandLine(["start", "192.0.2.1", "--dev", "eth0", "--dry-run"]);
  assert.deepEqual(plain, { command: "start", vips: [VIP4], options: options("dr"), all: false, dryRun: true, json: false, verbose: false, interval: undefined, persist: false });
  const help = await parseCommandLine(["--help"]);
  assert.ok(typeof help === "string" && help.includes("--server-net"));
  await assert.rejects(parseCommandLine(["start", "192.0.2.1", "--dev", "eth0/1"]), (error) => error instanceof SettingsFailure && error.status === 2);
});
