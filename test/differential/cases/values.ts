/** Values at and beyond the bounds of every option that takes one, and every way to write an address. */
import { type Case, type Group, typed } from "./case";
import { SAMPLE_RULES, SERVER, SERVICE } from "./samples";

const NUMBERS = [
  "0", "1", "2", "128", "129", "255", "256", "65507", "65508", "65535", "65536", "2147483647", "2147483648", "4294967295", "4294967296",
  "2678400", "2678401", "99999999999999999999", "-1", "+5", " 5", "5 ", "5x", "0x10", "010", "", "abc", "1.5", "²",
];

const NUMERIC: readonly (readonly string[])[] = [
  ["-A", "-f", "@"],
  ["-A", "-t", "10.0.0.9:@", "-s", "rr"],
  ["-A", "-t", "10.0.0.9:80", "-p", "@"],
  ["-A", "-t", "10.0.0.9:80", "--persistent=@"],
  ["-A", "-t", "[2001:db8::9]:80", "-p", "-M", "@"],
  ["-A", "-t", "10.0.0.9:80", "-p", "-M", "@"],
  ["-A", "-f", "9", "-6", "-p", "-M", "@"],
  ["-a", "-t", SERVICE, "-r", "10.1.0.9", "-w", "@"],
  ["-a", "-t", SERVICE, "-r", "10.1.0.9", "-x", "@"],
  ["-e", "-t", SERVICE, "-r", SERVER, "-x", "2147483647", "-y", "@"],
  ["-a", "-t", SERVICE, "-r", "10.1.0.9:@", "-m"],
  ["-a", "-t", SERVICE, "-r", "10.1.0.9", "-i", "--tun-type", "gue", "--tun-port", "@"],
  ["--start-daemon", "master", "--mcast-interface", "lo", "--syncid", "@"],
  ["--start-daemon", "backup", "--mcast-interface", "lo", "--mcast-port", "@"],
  ["--start-daemon", "master", "--mcast-interface", "eth0", "--mcast-ttl", "@"],
  ["--start-daemon", "master", "--mcast-interface", "eth0", "--sync-maxlen", "@"],
  ["--set", "@", "0", "0"],
  ["--set", "0", "0", "@"],
];

const numbers: Case[] = NUMERIC.flatMap((words) => NUMBERS.map((number) => ({ words: words.map((word) => word.replace("@", number)) })));

const HOSTS = [
  "1.2.3", "1.2", "16909060", "4294967295", "4294967296", "01.02.03.04", "010.1.1.1", "0x1.2.3.4", "0X1f.1.1.1", "1.2.3.4x", "1.2.3.4 x", " 1.2.3.4",
  "1.2.3.4 ", "1.", ".1", "1..2", "08.1.1.1", "1.2.3.0400", "1.2.3.256", "1.2.65535", "1.2.65536", "1.16777216", "0", "00", "0x", "0xg", "1.2.3.-4",
  "224.0.0.1", "255.255.255.255", "0.0.0.0", "127.0.0.1", "1.2.3.4.5", "localhost", "no-such-host.invalid", "*", "1.2.3.4/24", "", "²", "10.0.0.9\t",
];
const HOSTS6 = [
  "::", "::1", "1::", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "::ffff:1.2.3.4", "::1.2.3.4", "64:ff9b::1.2.3.4", "ff02::1", "fe80::1",
  "fe80::1%lo", "00001::", "1:::2", "ABCD::Ef", "::01.2.3.4", "::1.2.3", "1:2:3:4:5:6:7:8:9", ":1::", "1::2::3", "localhost", "1.2.3.4", "", ":", ":::",
];

const addresses: Case[] = [
  ...HOSTS.flatMap((host) => [
    { words: ["-A", "-t", `${host}:80`, "-s", "rr"] },
    { words: ["-A", "-t", host, "-p"] },
    { words: ["-a", "-t", SERVICE, "-r", `${host}:80`, "-m"] },
    { words: ["-a", "-t", SERVICE, "-r", host, "-i"] },
  ]),
  ...HOSTS6.flatMap((host) => [
    { words: ["-A", "-t", `[${host}]:80`, "-s", "rr"] },
    { words: ["-A", "-t", `[${host}]`, "-p"] },
    { words: ["-A", "-t", host, "-p"] },
    { words: ["-A", "-u", `[${host}]80`, "-p"] },
    { words: ["-A", "-u", `[${host}]:`, "-p"] },
    { words: ["-a", "-t", SERVICE, "-r", `[${host}]:80`, "-i"] },
  ]),
  ...["http", "domain", "no-such-service", "HTTP", "https", "sip", "www", "80,", ":80"].flatMap((port) => [
    { words: ["-A", "-t", `10.0.0.9:${port}`, "-s", "rr"] },
    { words: ["-A", "-u", `10.0.0.9:${port}`, "-s", "rr"] },
    { words: ["-A", "--sctp-service", `10.0.0.9:${port}`, "-s", "rr"] },
    { words: ["-a", "-t", SERVICE, "-r", `10.1.0.9:${port}`, "-m"] },
    { words: ["-a", "-r", `10.1.0.9:${port}`, "-t", SERVICE, "-m"] },
    { words: ["-a", "-f", "1", "-r", `10.1.0.9:${port}`, "-m"] },
  ]),
];

const GROUPS = ["224.0.0.81", "239.255.255.255", "223.255.255.255", "240.0.0.0", "1.2.3.4", "224.0.0", "ff02::1", "fe80::1", "ff02::81%lo", "::", "abc", ""];

/** One thing after the other that the kernel or ipvsadm itself has something to say of. */
const LINES = `
-a -r 10.1.0.9 -t 10.0.0.1:80
-a -r 10.1.0.9 -t 10.0.0.1:80 -m
-a -r [2001:db8::9]:80 -t 10.0.0.1:80 -i
-a -t 10.0.0.1:80 -r [2001:db8::9]:80 -m
-a -t 10.0.0.1:80 -r [2001:db8::9]:80 -M 255.255.255.0
-a -t 10.0.0.1:80 -r 10.1.0.1:80
-a -t 10.0.0.1:80 -r 10.1.0.1:81
-a -t 10.0.0.1:80 -r 10.1.0.9 -x 5 -y 6
-a -t 10.0.0.1:80 -r 10.1.0.9 -x 6 -y 5
-a -t 10.0.0.1:80 -r 224.0.0.1 -g
-a -t 10.0.0.1:80 -r 10.99.0.1 -g
-a -t 10.0.0.1:80 -r 127.0.0.1 -g
-a -t 10.0.0.9:80 -r 10.1.0.1
-a -t 10.0.0.1:80
-e -t 10.0.0.1:80 -r 10.1.0.1:80 -m
-e -t 10.0.0.1:80 -r 10.1.0.1:80 -w 0
-e -t 10.0.0.1:80 -r 10.1.0.1:80 -i --tun-type gre
-e -t 10.0.0.1:80 -r 10.1.0.9:80
-e -t 10.0.0.9:80 -r 10.1.0.9:80
-d -t 10.0.0.1:80 -r 10.1.0.1
-d -t 10.0.0.1:80 -r 10.1.0.9
-d -t 10.0.0.9:80 -r 10.1.0.9
-A -t 10.0.0.1:80
-A -t 10.0.0.1:80 -s nosuch
-A -t 10.0.0.9:80 -s nosuch
-A -t 10.0.0.9:80 -s averyveryverylongname
-A -t 10.0.0.9:80 -s wlcaaaaaaaaaaaaaaaaaaaaa
-A -t 10.0.0.9:80 --pe nosuch -p
-A -t 10.0.0.9:80 --pe averyveryverylongname
-A -u 10.0.0.9:80 --pe sip -p 5 -M 255.0.0.0 -s sh -b sh-port,sh-fallback -o
-A -t 10.0.0.9:80 -M 255.255.255.0
-A -t 10.0.0.9:80 -M 24 -p
-A -M 24 -t [2001:db8::9]:80 -p
-A -M 64 -f 9 -6 -p
-A -f 9 -M 255.255.255.0 -6 -p
-A -t [2001:db8::9]:80 -6
-A -6 -f 9
-A -6 -t 10.0.0.9:80
-A -f 9 -6 -6
-A -f 9 -o
-A -f 9 -6 -o -p
-A -u 10.0.0.9:53 -o
-A -t 10.0.0.9:53 -o
-A --sctp-service 10.0.0.9:53 -o
-A -t 10.0.0.9:0 -s rr
-A -t 10.0.0.9:0 -s rr -p
-A -t 10.0.0.9:80 -b flag-1
-A -t 10.0.0.9:80 -b flag-3 -s sh
-A -t 10.0.0.9:80 -b sh-port -s sh
-A -t 10.0.0.9:80 -b sh-port -s mh
-A -t 10.0.0.9:80 -b mh-port -s mh
-A -t 10.0.0.9:80 -b mh-port,flag-1 -s mh
-A -t 10.0.0.9:80 -b mh-fallback -s sh
-A -t 10.0.0.9:80 -b sh-fallback
-A -t 10.0.0.9:80 -b nosuch
-A -t 10.0.0.9:80 -b flag-1,nosuch
-A -t 10.0.0.9:80 -b flag-1,,flag-2
-A -t 10.0.0.9:80 -b ,flag-1,
-A -t 10.0.0.9:80 -b FLAG-1
-A -b nosuch
-L -b nosuch extra
--set 1 2 -b nosuch
-A -t 10.0.0.9:99999 -b nosuch
-A -t 10.0.0.9:0 -b nosuch
-A -t 10.0.0.9:80 -b nosuch -q
-E -t 10.0.0.1:80 -s rr
-E -t 10.0.0.1:80 -s nosuch
-E -t 10.0.0.1:80
-E -t 10.0.0.1:80 -p 10 -M 255.0.0.0
-E -t 10.0.0.9:80 -s rr
-E -f 9
-D -t 10.0.0.1:80
-D -u 10.0.0.1:80
-D -f 9
-D -t 10.0.0.1
-Z
-Z -t 10.0.0.1:80
-Z -t 10.0.0.9:80
-Z -f 9 -6
-L -t 10.0.0.9:80
-L -n -f 9
-L -n -u 10.0.0.1:80
-L -n -t [2001:db8::9]:80
-L -t 10.0.0.1
-L --timeout
-L --timeout -n
-L --daemon
-L --daemon --exact
-L -n -X
-LnX --stats
-L -X -X
-L -nX=1
-X
-A -t 10.0.0.9:80 -X
-L -c
-L -n -c
-L -n -c --persistent-conn
-L -n -c --nosort --exact --tun-info
--start-daemon master
--start-daemon backup
--start-daemon master --mcast-interface nosuch
--start-daemon master --mcast-interface averyveryverylonginterface
--start-daemon master --mcast-group ff02::81
--start-daemon master --mcast-group 239.1.1.1 --mcast-port 9999 --mcast-ttl 9 --syncid 200 --sync-maxlen 1000
--start-daemon both
--start-daemon
--stop-daemon
--stop-daemon master
--stop-daemon backup
--stop-daemon slave
--stop-daemon backup --syncid 7
--set 0 0 0
--set 1 2 3
--set 1 2
--set 1
--set 1 2 3 4
--set a 2 3
--set 1 -n 2 3
-C
-C -C
-R extra
-S extra
-v
-h
`;

export const values: Group[] = [
  { name: "numbers at their bounds", rules: SAMPLE_RULES, cases: numbers },
  { name: "addresses and ports", rules: SAMPLE_RULES + "-A -f 1\n", cases: addresses },
  { name: "multicast groups", rules: SAMPLE_RULES, cases: GROUPS.map((group) => ({ words: ["--start-daemon", "master", "--mcast-interface", "eth0", "--mcast-group", group] })) },
  { name: "one thing after the other", rules: SAMPLE_RULES, cases: LINES.trim().split("\n").map(typed) },
];
