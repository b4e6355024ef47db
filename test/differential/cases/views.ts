/** Every view on every kind of service. */
import { type Case, type Group, rules } from "./case";

/** Addresses that do not wrap against each other, so that two namespaces must give one order. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  empty: [],
  "tcp, every forwarding method": [
    "-A -t 10.0.0.1:80 -s wrr",
    "-a -t 10.0.0.1:80 -r 10.1.0.1:8080 -m -w 3",
    "-a -t 10.0.0.1:80 -r 10.1.0.2 -g -w 0",
    "-a -t 10.0.0.1:80 -r 10.1.0.3 -i -w 65535 -x 100 -y 50",
    "-a -t 10.0.0.1:80 -r 10.1.0.4 -i --tun-type gue --tun-port 6080 --tun-csum",
    "-a -t 10.0.0.1:80 -r 10.1.0.5 -i --tun-type gue --tun-port 6081 --tun-remcsum",
    "-a -t 10.0.0.1:80 -r 10.1.0.6 -i --tun-type gue --tun-port 6082",
    "-a -t 10.0.0.1:80 -r 10.1.0.7 -i --tun-type gre --tun-csum",
    "-a -t 10.0.0.1:80 -r 10.1.0.8 -i --tun-type gre",
    "-a -t 10.0.0.1:80 -r [2001:db8::8]:80 -i",
    "-a -t 10.0.0.1:80 -r 10.1.0.1:9090 -m -x 2147483647",
  ],
  "udp, one packet": ["-A -u 10.0.0.1:53 -s rr -o", "-a -u 10.0.0.1:53 -r 10.1.0.1 -g", "-a -u 10.0.0.1:53 -r 10.1.0.2:5353 -m"],
  sctp: ["-A --sctp-service 10.0.0.1:9999 -s lc", "-a --sctp-service 10.0.0.1:9999 -r 10.1.0.1 -m"],
  persistent: [
    "-A -t 10.0.0.2:0 -p",
    "-a -t 10.0.0.2:0 -r 10.1.0.1 -g",
    "-A -t 10.0.0.3:443 -p 1",
    "-A -t 10.0.0.4:443 -p 2678400 -M 255.255.255.0",
    "-A -t [2001:db8::2]:0 -p 300",
    "-A -t [2001:db8::3]:443 -p 300 -M 64",
    "-A -f 9 -p 50 -M 255.255.0.0",
    "-A -f 9 -6 -p 50 -M 48",
  ],
  "ipv6": [
    "-A -t [2001:db8::1]:80 -s wlc",
    "-a -t [2001:db8::1]:80 -r [2001:db8::a]:80 -g",
    "-a -t [2001:db8::1]:80 -r [2001:db8:1:2:3:4:5:6]:8080 -m -w 10",
    "-a -t [2001:db8::1]:80 -r 10.1.0.1 -i",
    "-A -u [fe80:1111:2222:3333:4444:5555:6666:7777]:65535 -s rr -o",
    "-A -t [::1]:80",
    "-A --sctp-service [2001:db8::1]:80",
  ],
  marks: [
    "-A -f 1 -s rr",
    "-a -f 1 -r 10.1.0.1 -g",
    "-a -f 1 -r 10.1.0.2:80 -m",
    "-a -f 1 -r 10.1.0.3:81 -i",
    "-A -f 1 -6 -s rr",
    "-a -f 1 -6 -r [2001:db8::a]:80 -g",
    "-a -f 1 -6 -r [2001:db8::b]:0 -m",
    "-A -f 65536 -s sh -o",
    "-A -f 2147483647 -s wlc",
  ],
  schedulers: [
    ...["rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed", "nq", "fo", "ovf", "mh"].map(
      (name, index) => `-A -t 10.0.1.${index}:80 -s ${name}`,
    ),
    "-A -t 10.0.2.1:80 -s sh -b sh-fallback",
    "-A -t 10.0.2.2:80 -s sh -b sh-port",
    "-A -t 10.0.2.3:80 -s sh -b sh-fallback,sh-port",
    "-A -t 10.0.2.4:80 -s mh -b mh-fallback",
    "-A -t 10.0.2.5:80 -s mh -b mh-port",
    "-A -t 10.0.2.6:80 -s mh -b mh-fallback,mh-port",
    "-A -t 10.0.2.7:80 -s rr -b flag-1",
    "-A -t 10.0.2.8:80 -s rr -b flag-2,flag-3",
    "-A -t 10.0.2.9:80 -s rr -b flag-1,flag-2,flag-3",
    "-A -t 10.0.2.10:80 -s sh -b flag-3",
    "-A -t 10.0.2.11:80 -s mh -b flag-3,mh-port",
  ],
  engines: ["-A -u 10.0.0.1:5060 -s rr -p 60 --pe sip", "-A -u 10.0.0.2:5060 -s rr --pe sip -o", "-A -u [2001:db8::1]:5060 -p 60 -M 64 --pe sip", "-A -f 77 --pe sip -p"],
};

const COLUMNS = [[], ["--stats"], ["--rate"], ["--thresholds"], ["--persistent-conn"], ["--tun-info"]];
const FORMATS = [["-n"], [], ["-n", "--exact"], ["-n", "--nosort"]];

const lists: Case[] = COLUMNS.flatMap((columns) => FORMATS.map((format) => ({ words: ["-L", ...columns, ...format], sameTable: format.includes("--nosort") })));
const saves: Case[] = [{ words: ["-S"] }, { words: ["-S", "-n"] }, { words: [] }];

/** Every service of the rules by itself. */
const each = (lines: readonly string[]): Case[] =>
  lines
    .filter((line) => line.startsWith("-A"))
    .flatMap((line) => {
      const words = line.split(" ");
      const service = words.slice(1, words[3] === "-6" ? 4 : 3);
      return [["-n"], ["-n", "--thresholds"]].map((format) => ({ words: ["-L", ...service, ...format] }));
    });

export const views: Group[] = Object.entries(KINDS).map(([name, lines]) => ({
  name: `views: ${name}`,
  rules: rules(...lines),
  cases: [...lists, ...saves, ...each(lines)],
}));

/** Orders that wrap: only in one and the same table must both programs agree. */
const WRAPPING = [
  ...["1.2.3.4", "10.0.0.1", "192.168.0.1", "224.0.0.5", "200.1.1.1", "100.1.1.1", "127.1.1.1", "255.255.255.254"].flatMap((host) => [
    `-A -t ${host}:80`,
    `-A -u ${host}:53`,
  ]),
  ...["fe80::5", "2001:db8::5", "::1", "8000::", "2001:db8::8000:0", "2001:db8::ffff:ffff", "2001:db8:8000::"].map((host) => `-A -t [${host}]:80`),
  ...[1, 5, 2147483647, 2147483648, 2147483649, 4294967295, 1000000000, 3000000000].flatMap((mark) => [`-A -f ${mark}`, `-A -f ${mark} -6`]),
  ...["1.2.3.4", "10.0.0.1", "192.168.0.1", "200.1.1.1", "[fe80::5]:0", "[2001:db8::5]:0", "[::1]:0", "[8000::]:0", "[c0a8::]:0"].map((host) => `-a -f 1 -r ${host} -i`),
  ...[0, 80, 8080, 65535].map((port) => `-a -f 5 -r 200.1.1.1:${port} -m`),
];

export const order: Group = {
  name: "orders that wrap",
  rules: rules(...WRAPPING),
  cases: [["-L", "-n"], ["-L", "-n", "--nosort"], ["-S", "-n"], ["-L", "-n", "--stats"]].map((words) => ({ words, sameTable: true })),
};
