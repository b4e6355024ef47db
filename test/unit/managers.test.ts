/** Who else manages a device: by files as NetworkManager 1.42.4 and systemd-networkd 252 of Debian 12 have written them. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { warningsFor } from "../../src/settings/managers";

const roots: string[] = [];
after(() => roots.forEach((root) => rmSync(root, { recursive: true })));

/** A root folder with these files below it. */
const rootWith = (files: Readonly<Record<string, string>>): string => {
  const root = mkdtempSync(join(tmpdir(), "managers-"));
  roots.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
};

const UUID = "7e2ab21b-5b9f-4d54-8b52-4d3f0a0a0a01";
/** A device that a profile has brought up. */
const CONNECTED = `[device]
managed=true
perm-hw-addr-fake=DA:D0:57:9F:03:29
connection-uuid=${UUID}
nm-owned=false
route-metric-default-aspired=100
route-metric-default-effective=100
`;
/** After `nmcli device set lo managed no`. */
const UNMANAGED = `[device]
managed=false
perm-hw-addr-fake=00:00:00:00:00:00
nm-owned=false
`;
/** lo, of which it knows from outside. */
const LOOPBACK = `[device]
managed=true
perm-hw-addr-fake=00:00:00:00:00:00
connection-uuid=c9376ffa-740b-42eb-b484-04702e99f018
nm-owned=false
`;
/** A device whose profile has no address yet. */
const CONNECTING = `[device]
managed=true
perm-hw-addr-fake=EE:5A:DC:8E:34:20
nm-owned=false
`;
const PROFILE = `[connection]
id=office
uuid=${UUID}
type=ethernet
interface-name=eth0
timestamp=1795814156

[ethernet]

[ipv4]
address1=192.0.2.8/24
address2=192.0.2.1/32
method=manual

[ipv6]
method=ignore

[proxy]
`;
const CONFIGURED = `# This is private data. Do not parse.
ADMIN_STATE=configured
OPER_STATE=routable
CARRIER_STATE=carrier
ACTIVATION_POLICY=up
NETWORK_FILE=/run/systemd/network/10-eth0.network
DNS=
LLMNR=yes
MDNS=no
`;
const NOT_ITS_OWN = `# This is private data. Do not parse.
ADMIN_STATE=unmanaged
OPER_STATE=carrier
CARRIER_STATE=carrier
`;
const NETWORK = "[Match]\nName=eth0\n[Network]\nAddress=192.0.2.8/24\n";

const DEVICE = "run/NetworkManager/devices/3";
const LINK = "run/systemd/netif/links/3";
const FILE = "run/systemd/network/10-eth0.network";
const eth0 = (address: string) => ({ link: "eth0", index: 3, address });

const profileWarning = (addresses: string, words: string): string =>
  `eth0: NetworkManager manages it and takes ${addresses} away at "nmcli device reapply eth0" and "nmcli connection up": nmcli connection modify ${UUID} ${words}`;
const networkWarning = (addresses: string): string =>
  `eth0: systemd-networkd manages it and takes ${addresses} away when it restarts: put KeepConfiguration=static under [Network] in /${FILE}`;

test("nobody manages the device", () => {
  assert.deepEqual(warningsFor([eth0("192.0.2.1")], rootWith({})), []);
  assert.deepEqual(warningsFor([eth0("192.0.2.1")], rootWith({ [DEVICE]: UNMANAGED, [LINK]: NOT_ITS_OWN })), []);
  // Another device is managed.
  assert.deepEqual(warningsFor([eth0("192.0.2.1")], rootWith({ "run/NetworkManager/devices/2": CONNECTED })), []);
});

test("NetworkManager: an address that is not in the profile", () => {
  const root = rootWith({ [DEVICE]: CONNECTED, "etc/NetworkManager/system-connections/office.nmconnection": PROFILE });
  assert.deepEqual(warningsFor([eth0("192.0.2.1")], root), []);
  assert.deepEqual(warningsFor([eth0("192.0.2.1"), eth0("192.0.2.2")], root), [
    profileWarning("192.0.2.2", "+ipv4.addresses 192.0.2.2/32"),
  ]);
  assert.deepEqual(warningsFor([eth0("2001:db8::1")], root), [
    profileWarning("2001:db8::1", "+ipv6.addresses 2001:db8::1/128"),
  ]);
});

test("NetworkManager: a profile that is in another folder, or cannot be found", () => {
  const made = rootWith({ [DEVICE]: CONNECTED, "run/NetworkManager/system-connections/Wired.nmconnection": PROFILE });
  assert.deepEqual(warningsFor([eth0("192.0.2.1")], made), []);
  assert.deepEqual(warningsFor([eth0("192.0.2.1")], rootWith({ [DEVICE]: CONNECTED })), [
    profileWarning("192.0.2.1", "+ipv4.addresses 192.0.2.1/32"),
  ]);
});

test("NetworkManager: lo, and a device without a profile", () => {
  const off = (link: string): string =>
    `${link}: NetworkManager manages it and takes 192.0.2.1 away at "nmcli networking off": nmcli device set ${link} managed no`;
  const root = rootWith({ "run/NetworkManager/devices/1": LOOPBACK, [DEVICE]: CONNECTING });
  assert.deepEqual(warningsFor([{ link: "lo", index: 1, address: "192.0.2.1" }], root), [off("lo")]);
  assert.deepEqual(warningsFor([eth0("192.0.2.1")], root), [off("eth0")]);
});

test("systemd-networkd: what its file says of addresses that it finds", () => {
  const one = [eth0("192.0.2.1")];
  assert.deepEqual(warningsFor(one, rootWith({ [LINK]: CONFIGURED, [FILE]: NETWORK })), [networkWarning("192.0.2.1")]);
  for (const value of ["static", "yes", "true"]) {
    const kept = `${NETWORK}KeepConfiguration=${value}\n`;
    assert.deepEqual(warningsFor(one, rootWith({ [LINK]: CONFIGURED, [FILE]: kept })), [], value);
    const dropIn = { [LINK]: CONFIGURED, [FILE]: NETWORK, "etc/systemd/network/10-eth0.network.d/keep.conf": `[Network]\nKeepConfiguration=${value}\n` };
    assert.deepEqual(warningsFor(one, rootWith(dropIn)), [], `${value} in a drop-in`);
  }
  for (const value of ["no", "dhcp", "dhcp-on-stop"]) {
    const lost = `${NETWORK}KeepConfiguration=${value}\n`;
    assert.deepEqual(warningsFor(one, rootWith({ [LINK]: CONFIGURED, [FILE]: lost })), [networkWarning("192.0.2.1")], value);
  }
  // A comment, and another section.
  const elsewhere = `${NETWORK}#KeepConfiguration=static\n[Link]\nKeepConfiguration=static\n`;
  assert.deepEqual(warningsFor(one, rootWith({ [LINK]: CONFIGURED, [FILE]: elsewhere })), [networkWarning("192.0.2.1")]);
});

test("systemd-networkd: addresses of its own", () => {
  const root = rootWith({ [LINK]: CONFIGURED, [FILE]: `${NETWORK}Address=192.0.2.1/32\n[Address]\nAddress=2001:db8::1/128\n` });
  assert.deepEqual(warningsFor([eth0("192.0.2.1"), eth0("2001:db8::1")], root), []);
  assert.deepEqual(warningsFor([eth0("192.0.2.2")], root), [networkWarning("192.0.2.2")]);
});
