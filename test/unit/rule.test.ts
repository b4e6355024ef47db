/** Rules as ipvsadm 1.31 wrote them with -S -n for the same table, and where ours differ on purpose. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { AF, FWD, IPPROTO, SVC_F, TUNNEL, TUNNEL_F } from "../../src/ipvs/constants";
import type { Server, Service } from "../../src/ipvs/model";
import { serverRule, serviceOption, serviceRule } from "../../src/save-restore/rule";
import { numericNaming } from "../../src/views/naming";
import { at, marked, server, service } from "./sample";

const { ONEPACKET, PERSISTENT, SCHED1, SCHED2, SCHED3 } = SVC_F;
const UDP = { ...at("192.0.2.2"), protocol: IPPROTO.UDP };

const SERVICES: readonly (readonly [Service, rule: string])[] = [
  [service({ scheduler: "wrr", flags: PERSISTENT, timeout: 300, netmask: 0xffffff00 }), "-A -t 192.0.2.1:80 -s wrr -p 300 -M 255.255.255.0"],
  [service({ port: 443, scheduler: "sh", flags: SCHED1 | SCHED2 }), "-A -t 192.0.2.1:443 -s sh -b sh-fallback,sh-port"],
  [service({ ...UDP, port: 53, scheduler: "mh", flags: ONEPACKET | SCHED2 }), "-A -u 192.0.2.2:53 -s mh -o -b mh-port"],
  [
    service({ ...UDP, port: 5060, scheduler: "mh", flags: PERSISTENT | ONEPACKET | SCHED2, timeout: 70, netmask: 0xffff0000, engine: "sip" }),
    "-A -u 192.0.2.2:5060 -s mh -p 70 -M 255.255.0.0 --pe sip -o -b mh-port",
  ],
  [service({ ...at("192.0.2.3"), protocol: IPPROTO.SCTP, port: 9 }), "-A --sctp-service 192.0.2.3:9 -s wlc"],
  [
    service({ ...at("2001:db8::1"), port: 443, scheduler: "lc", flags: PERSISTENT, timeout: 90, netmask: 64 }),
    "-A -t [2001:db8::1]:443 -s lc -p 90 -M 64",
  ],
  [marked(7, { family: AF.INET6, scheduler: "lblc", flags: PERSISTENT, timeout: 360, netmask: 48 }), "-A -f 7 -6 -s lblc -p 360 -M 48"],
  // 1.31 writes the mark as -1, and cannot read that back.
  [marked(0xffffffff, { scheduler: "nq", flags: SCHED1 | SCHED3 }), "-A -f 4294967295 -s nq -b flag-1,flag-3"],
];

for (const [found, rule] of SERVICES) {
  test(`a service's rule is ${rule}`, () => assert.equal(serviceRule(found, numericNaming), `${rule}\n`));
}

const tunnel = (differences: Partial<Server>): Server => server({ forwarding: FWD.TUNNEL, ...differences });

const SERVERS: readonly (readonly [Server, rule: string])[] = [
  [server({ weight: 0 }), "-r 10.0.0.1:80 -g -w 0"],
  [server({ port: 8080, forwarding: FWD.MASQ, weight: 65535 }), "-r 10.0.0.1:8080 -m -w 65535"],
  [tunnel({}), "-r 10.0.0.1:80 -i -w 1 --tun-type ipip"],
  [
    tunnel({ tunnelType: TUNNEL.GUE, tunnelPort: 6080, tunnelFlags: TUNNEL_F.REMCSUM }),
    "-r 10.0.0.1:80 -i -w 1 --tun-type gue --tun-port 6080 --tun-remcsum",
  ],
  [tunnel({ tunnelType: TUNNEL.GRE, tunnelFlags: TUNNEL_F.CSUM }), "-r 10.0.0.1:80 -i -w 1 --tun-type gre --tun-csum"],
  [
    tunnel({ ...at("2001:db8::f"), tunnelType: TUNNEL.GUE, tunnelPort: 6081, tunnelFlags: TUNNEL_F.NOCSUM }),
    "-r [2001:db8::f]:80 -i -w 1 --tun-type gue --tun-port 6081 --tun-nocsum",
  ],
  // 1.31 forgets the thresholds.
  [server({ upper: 1000, lower: 900 }), "-r 10.0.0.1:80 -g -w 1 -x 1000 -y 900"],
  [server({ upper: 1000 }), "-r 10.0.0.1:80 -g -w 1 -x 1000"],
];

for (const [found, rule] of SERVERS) {
  test(`a server's rule is ${rule}`, () => {
    const { protocol } = service();
    const option = serviceOption(service(), numericNaming);
    assert.equal(serverRule(option, protocol, found, numericNaming), `-a -t 192.0.2.1:80 ${rule}\n`);
  });
}
