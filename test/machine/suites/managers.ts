/**
 * Who else manages a device, by the real systemd-networkd: `start` warns where it would take the VIP away, and is silent
 * where it would not; and networkd does what the warning says. All of it as process 1 of namespaces of its own sees it.
 */
import { join } from "node:path";
import { PROGRAMS } from "../../lab/programs";
import { execute, problems, type Suite } from "../lab";

/** Seconds until networkd is given up. */
const PATIENCE = 300;

/** What is there of udev is that it has seen the devices: without it, networkd would wait for it. */
const WORLD = `
mount -t tmpfs run /run
mount -t sysfs sysfs /sys
mkdir -p /run/systemd/network/10-eth0.network.d /run/systemd/netif/links /run/systemd/netif/leases /run/systemd/netif/lldp /run/udev/data
chown -R systemd-network:systemd-network /run/systemd/netif
ip link set lo up
ip link add eth0 type dummy
number=$(cat /sys/class/net/eth0/ifindex)
for device in /sys/class/net/*/ifindex; do echo I:1 >/run/udev/data/n$(cat $device); done
cat >/run/systemd/network/10-eth0.network <<'E'
[Match]
Name=eth0
[Network]
Address=192.0.2.8/24
LinkLocalAddressing=no
E
state=/run/systemd/netif/links/$number
begin() { rm -f $state; /lib/systemd/systemd-networkd 2>>/run/networkd.log & networkd=$!; until grep -qs ADMIN_STATE=configured $state; do sleep 0.2; done; }
again() { kill $networkd; wait $networkd; begin; }
vips() { ip -o address show dev eth0 | grep -Eo '192\\.0\\.2\\.[0-9]+/32|2001:db8::[0-9]+/128' | tr '\\n' ' '; echo; }
director() { ${join(PROGRAMS, "lvs-director")} "$@" 2>&1; }
`;

const warning = (program: string, device: string, addresses: string, file: string): string =>
  `${program}: ${device}: systemd-networkd manages it and takes ${addresses} away when it restarts:` +
  ` put KeepConfiguration=static under [Network] in /run/systemd/network/${file}\n`;
const eth0Warning = (addresses: string): string => warning("lvs-director", "eth0", addresses, "10-eth0.network");

const watched = [
  "192.0.2.1: address 192.0.2.1/32 on eth0: not there, put back",
  "192.0.2.1: watched",
  "2001:db8::1: address 2001:db8::1/128 on eth0: not there, put back",
  "2001:db8::1: watched",
  "SIGTERM: 192.0.2.1, 2001:db8::1: no longer watched",
].map((line) => `lvs-director: ${line}\n`).join("");

interface Case {
  readonly name: string;
  readonly script: string;
  readonly stdout: string;
}

const CASES: readonly Case[] = [
  {
    name: "systemd-networkd manages the device",
    script: `begin; director start 192.0.2.1 2001:db8::1 --dev eth0; vips; again; vips`,
    stdout: `${eth0Warning("192.0.2.1, 2001:db8::1")}192.0.2.1/32 2001:db8::1/128 \n\n`,
  },
  {
    name: "watch puts back what it takes",
    script: `begin; director start 192.0.2.1 2001:db8::1 --dev eth0 >/dev/null
${join(PROGRAMS, "lvs-director")} watch --interval 86400 >/run/watch 2>&1 & watch=$!
said() { grep -c "$1" /run/watch; }
until [ $(said watched) = 2 ]; do sleep 0.2; done
again; until [ $(said 'put back') = 2 ]; do sleep 0.2; done
vips; kill $watch; wait $watch; echo $?; sort /run/watch`,
    stdout: `192.0.2.1/32 2001:db8::1/128 \n0\n${watched}`,
  },
  {
    name: "it is told to keep what it finds",
    script: `printf '[Network]\\nKeepConfiguration=static\\n' >/run/systemd/network/10-eth0.network.d/keep.conf
begin; director start 192.0.2.1 --dev eth0; vips; again; vips`,
    stdout: "192.0.2.1/32 \n192.0.2.1/32 \n",
  },
  {
    name: "one VIP is in its file, the other is not",
    script: `printf '[Network]\\nAddress=192.0.2.1/32\\n' >>/run/systemd/network/10-eth0.network
begin; director start 192.0.2.1 192.0.2.2 --dev eth0; vips; again; vips`,
    stdout: `${eth0Warning("192.0.2.2")}192.0.2.1/32 192.0.2.2/32 \n192.0.2.1/32 \n`,
  },
  {
    // systemd 257 takes it away, 252 leaves addresses on lo alone.
    name: "a file that matches lo, on a real server",
    script: `printf '[Match]\\nName=lo\\n[Network]\\nAddress=10.7.7.7/32\\n' >/run/systemd/network/20-lo.network
state=/run/systemd/netif/links/1; begin; ${join(PROGRAMS, "lvs-realserver")} start 192.0.2.1 2>&1; echo $?`,
    stdout: `${warning("lvs-realserver", "lo", "192.0.2.1", "20-lo.network")}0\n`,
  },
  {
    name: "another device",
    script: `ip link add eth1 type dummy; echo I:1 >/run/udev/data/n$(cat /sys/class/net/eth1/ifindex)
begin; director start 192.0.2.1 --dev eth1 --dry-run >/dev/null; director start 192.0.2.1 --dev lo; echo $?`,
    stdout: "0\n",
  },
  {
    name: "another namespace, whose devices have the same numbers",
    script: `begin; unshare --net sh -c 'ip link add eth0 index '$number' type dummy; ip link set eth0 up
${join(PROGRAMS, "lvs-director")} start 192.0.2.1 --dev eth0 2>&1; echo $?'`,
    stdout: "0\n",
  },
];

export const managers: Suite = {
  name: "managers",

  async run(_, report) {
    for (const { name, script, stdout } of CASES) {
      const end = 'kill $networkd; wait $networkd; exit 0';
      const words = ["unshare", "--mount", "--net", "--pid", "--fork", "--mount-proc", "sh", "-c", `${WORLD}\n${script}\n${end}`];
      report.note(`managers: ${name}`, problems(await execute(["timeout", String(PATIENCE), ...words]), { stdout }));
    }
  },
};
