/** What lasts beyond a boot: files, and a unit that is enabled; in an /etc of its own. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { execute, type Namespace, type Suite } from "../lab";

const UNIT = join(process.cwd(), "system/lvs-realserver@.service");
/** An /etc with what programs look for, so that nothing is written into the machine's own. */
const OWN_ETC = `
mount -t tmpfs own /mnt
mkdir -p /mnt/etc/systemd/system /mnt/etc/sysctl.d
cp -a /etc/passwd /etc/group /etc/ld.so.cache /etc/os-release /mnt/etc/
mount --bind /mnt/etc /etc
files() { (cd /etc && find lvs sysctl.d systemd ! -type d 2>/dev/null | sort); }
`;

/** A series of commands, and what they print. */
interface Step {
  readonly name: string;
  readonly script: string;
  readonly stdout: string;
}

const STEPS: readonly Step[] = [
  {
    name: "without the unit",
    script: "bin/lvs-realserver start --persist 192.0.2.1 2>&1; echo $?; files",
    stdout: `lvs-realserver: lvs-realserver@.service: the unit is not installed: cp ${UNIT} /etc/systemd/system/\n1\n`,
  },
  {
    name: "a dry run",
    script: `cp ${UNIT} /etc/systemd/system/; bin/lvs-realserver start --dry-run --persist 192.0.2.1; echo $?; files`,
    stdout:
      "sysctl -w net.ipv4.conf.all.arp_ignore=1\nsysctl -w net.ipv4.conf.all.arp_announce=2\nsysctl -w net.ipv4.conf.lo.arp_ignore=1\nsysctl -w net.ipv4.conf.lo.arp_announce=2\n" +
      "ip address add 192.0.2.1/32 dev lo label lo:0\nwrite /etc/lvs/realserver/192.0.2.1.conf\nwrite /etc/sysctl.d/zz-lvs-realserver@192.0.2.1.conf\nsystemctl enable lvs-realserver@192.0.2.1.service\n0\nsystemd/system/lvs-realserver@.service\n",
  },
  {
    name: "direct routing, IPv4 and IPv6",
    script: "bin/lvs-realserver start --persist 192.0.2.1 2001:db8::1; echo $?; files; cat /etc/lvs/realserver/* /etc/sysctl.d/*; systemctl is-enabled lvs-realserver@2001:db8::1.service",
    stdout: `0
lvs/realserver/192.0.2.1.conf
lvs/realserver/2001:db8::1.conf
sysctl.d/zz-lvs-realserver@192.0.2.1.conf
systemd/system/lvs-realserver@.service
systemd/system/multi-user.target.wants/lvs-realserver@192.0.2.1.service
systemd/system/multi-user.target.wants/lvs-realserver@2001:db8::1.service
# Made by lvs-realserver --persist.
LVS_REALSERVER_OPTIONS=""
# Made by lvs-realserver --persist.
LVS_REALSERVER_OPTIONS=""
# Made by lvs-realserver --persist.
net/ipv4/conf/all/arp_ignore = 1
net/ipv4/conf/all/arp_announce = 2
net/ipv4/conf/lo/arp_ignore = 1
net/ipv4/conf/lo/arp_announce = 2
enabled
`,
  },
  {
    name: "what is read after it, and sets it otherwise, is named; an older file is removed",
    script: `echo net.ipv4.conf.all.arp_ignore=0 >/etc/sysctl.conf; echo '-net/ipv4/conf/all/arp_announce = 1' >/etc/sysctl.d/zzz.conf
echo net.ipv4.conf.all.arp_ignore=0 >/etc/sysctl.d/99-early.conf; echo net.ipv4.conf.all.arp_ignore=2 >/etc/sysctl.d/zzzz.conf
echo '# Made by lvs-realserver --persist.' >/etc/sysctl.d/90-lvs-realserver@192.0.2.1.conf
bin/lvs-realserver start --persist 192.0.2.1 2>&1; echo $?; ls /etc/sysctl.d; rm /etc/sysctl.conf /etc/sysctl.d/99-* /etc/sysctl.d/zzz*`,
    stdout: `lvs-realserver: /etc/sysctl.d/zzz.conf: line 1 sets net.ipv4.conf.all.arp_announce to 1, and is read after /etc/sysctl.d/zz-lvs-realserver@192.0.2.1.conf: it wins
lvs-realserver: /etc/sysctl.conf: line 1 sets net.ipv4.conf.all.arp_ignore to 0, and is read after /etc/sysctl.d/zz-lvs-realserver@192.0.2.1.conf: it wins
0
99-early.conf
zz-lvs-realserver@192.0.2.1.conf
zzz.conf
zzzz.conf
`,
  },
  {
    name: "sysctl(8) takes the file",
    script: "sysctl -w net.ipv4.conf.all.arp_ignore=0 >/dev/null; sysctl -q -p /etc/sysctl.d/*.conf && sysctl -n net.ipv4.conf.all.arp_ignore",
    stdout: "1\n",
  },
  {
    name: "other options take their place",
    script: "bin/lvs-realserver start --persist 192.0.2.1 --tunnel gue; echo $?; cat /etc/lvs/realserver/192.0.2.1.conf; grep tunl0 /etc/sysctl.d/*; sysctl -q -p /etc/sysctl.d/*.conf; echo $?",
    stdout: `0
# Made by lvs-realserver --persist.
LVS_REALSERVER_OPTIONS="--tunnel gue --port 6080"
-net/ipv4/conf/tunl0/rp_filter = 0
0
`,
  },
  {
    name: "stop --persist takes all away, and again",
    script: "bin/lvs-realserver stop --persist --all; echo $?; files; bin/lvs-realserver stop --persist 192.0.2.1; echo $?; ip -o address show dev lo | grep -c 192.0.2",
    stdout: "0\nsystemd/system/lvs-realserver@.service\n0\n0\n",
  },
  {
    name: "a director, there and back",
    script: `cp system/lvs-director@.service /etc/systemd/system/
bin/lvs-director start 10.99.0.38 --dev eth0 --mode nat --persist; echo $?; files; cat /etc/lvs/director/* /etc/sysctl.d/*
bin/lvs-director stop --all --persist; echo $?; rm /etc/systemd/system/lvs-director@.service; files`,
    stdout: `0
lvs/director/10.99.0.38.conf
sysctl.d/zz-lvs-director@10.99.0.38.conf
systemd/system/lvs-director@.service
systemd/system/lvs-realserver@.service
systemd/system/multi-user.target.wants/lvs-director@10.99.0.38.service
# Made by lvs-director --persist.
LVS_DIRECTOR_OPTIONS="--dev eth0 --mode nat"
# Made by lvs-director --persist.
net/ipv4/conf/all/send_redirects = 0
-net/ipv4/conf/eth0/send_redirects = 0
net/ipv4/ip_forward = 1
-net/ipv4/conf/eth0/arp_notify = 1
0
systemd/system/lvs-realserver@.service
`,
  },
  {
    name: "one that fails leaves neither file nor folder",
    script: `mkdir /tmp/fail; printf '#!/bin/sh\\n[ "$1" = --version ] || exit 1\\n' >/tmp/fail/systemctl; chmod 755 /tmp/fail/systemctl
PATH=/tmp/fail:$PATH bin/lvs-realserver start --persist 192.0.2.1 2>&1; echo $?; files; ls /etc/lvs 2>&1; bin/lvs-realserver stop 192.0.2.1`,
    stdout: `lvs-realserver: systemctl enable lvs-realserver@192.0.2.1.service: status 1
1
systemd/system/lvs-realserver@.service
ls: cannot access '/etc/lvs': No such file or directory
`,
  },
  {
    name: "without systemd",
    script: 'mkdir /tmp/bin && ln -s "$(command -v node)" "$(command -v env)" /tmp/bin; PATH=/tmp/bin bin/lvs-realserver start --persist 192.0.2.1 2>&1; echo $?; files; ip -o address show dev lo | grep -c 192.0.2',
    stdout: "lvs-realserver: --persist enables a unit of systemd, and there is no systemctl here\n1\nsystemd/system/lvs-realserver@.service\n0\n",
  },
];

async function steps(machine: Namespace): Promise<readonly (readonly [name: string, problems: readonly string[]])[]> {
  const mark = "=== next\n";
  const script = `${OWN_ETC}${STEPS.map((step) => step.script).join(`\nprintf '${mark.trim()}\\n'\n`)}\n`;
  const { stdout, stderr } = await execute(machine.words("unshare", "-m", "sh", "-c", script));
  const parts = stdout.split(mark);
  return STEPS.map(({ name, stdout: wanted }, at) => [name, parts[at] === wanted ? [] : [`found ${JSON.stringify(parts[at])}`, `expected ${JSON.stringify(wanted)}`, `stderr ${stderr}`]]);
}

export const persistence: Suite = {
  name: "persist",
  run: (lab, report) =>
    lab.within(1, async (machine) => {
      report.note("persist: the unit is in the tree", existsSync(UNIT) ? [] : [`${UNIT} is missing`]);
      for (const [name, found] of await steps(machine)) report.note(`persist: ${name}`, found);
    }),
};
