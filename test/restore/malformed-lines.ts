/**
 * Lines that are no rules, and what is said of each. "»" stands before the
 * word that is to blame, and is no part of the line; without it, the command
 * is to blame.
 */

export interface BadLine {
  readonly line: string;
  readonly message: string;
}

const bad = (message: string, ...lines: string[]): BadLine[] => lines.map((line) => ({ line, message }));

const SERVICE = "-t 10.0.0.5:80";
/** Of a service that the file around has. */
const SERVER = "-a -t 10.0.0.1:80 -r 10.1.0.5:80";
const WRONG_SERVICE = "illegal virtual server address[:port] specified";
const WRONG_SERVER = "illegal real server address[:port] specified";

const COMMANDS = [
  ...bad("no command: add", `add ${SERVICE}`),
  ...bad("no command: nonsense", "nonsense"),
  ...bad("no command: -t", `${SERVICE} -A`),
  ...bad("no command: --bogus", `--bogus ${SERVICE}`),
  ...bad("no command: -", "-"),
  ...bad("no command: --", "--"),
  ...bad("no command: \u2013A", `\u2013A ${SERVICE}`),
  ...bad("no command: \ufeff-A", `\ufeff-A ${SERVICE}`),
  ...bad("illegal start-daemon parameter specified", "--start-daemon »both"),
];

const WORDS = [
  ...bad("invalid option `-A'", `-A ${SERVICE} »-A`),
  ...bad("invalid option `--list'", `-A ${SERVICE} »--list`),
  ...bad("--bogus: unknown option", `-A ${SERVICE} »--bogus`),
  ...bad("--bogus: unknown option", `-A ${SERVICE} »--bogus -s rr`),
  ...bad("-q: unknown option", `-A ${SERVICE} »-q`),
  ...bad("-gq: unknown option", `${SERVER} »-gq`),
  ...bad("--tcp-servic: unknown option", "-A »--tcp-servic 10.0.0.5:80"),
  ...bad("--ops=1: option does not take an argument", `-A -u 10.0.0.5:80 »--ops=1`),
  ...bad("unexpected argument x", `-A ${SERVICE} »x`),
  ...bad("unexpected argument x", `${SERVER} »x -g y`),
  ...bad("unexpected argument 4", "--set 1 2 3 »4"),
  ...bad("unexpected argument #", `-A ${SERVICE} »# the shop`),
  // Multi-byte characters count as one.
  ...bad("unexpected argument bücher", `-A ${SERVICE} »bücher`),
  ...bad("unexpected argument z", `-A ${SERVICE} -s bücherei »z`),
  ...bad("--bogus: unknown option", `-A ${SERVICE} -s 調度器 »--bogus`),
  ...bad("--bogus: unknown option", `-A ${SERVICE} -s 😀😀 »--bogus`),
  ...bad("--bogus: unknown option", `\t  -A\t${SERVICE}   \t»--bogus`),
  ...bad("--bogus: unknown option", `ipvsadm -A ipvsadm ${SERVICE} »--bogus`),
];

/** Lines of which the end is missing. */
const TRUNCATED = [
  ...bad("You need to supply the 'service-address' option for the 'add-service' command", "-A", "ipvsadm -A"),
  ...bad("-t: missing argument", "-A »-t", "-a »-t"),
  ...bad("-s: missing argument", `-A ${SERVICE} »-s`),
  ...bad("--pe: missing argument", `-A ${SERVICE} »--pe`),
  ...bad("You need to supply the 'real-server' option for the 'add-server' command", "-a -t 10.0.0.1:80"),
  ...bad("-r: missing argument", "-a -t 10.0.0.1:80 »-r"),
  ...bad("-w: missing argument", `${SERVER} -g »-w`),
  ...bad("--tun-port: missing argument", `${SERVER} -i --tun-type gue »--tun-port`),
  ...bad("You need to supply the 'tun-port' option for the 'gue' tunnel type", `${SERVER} -i --tun-type gue`),
  ...bad("--set option requires 3 timeout values", "--set", "--set 1", "--set 1 2"),
];

const ADDRESSES = [
  ...bad(
    WRONG_SERVICE,
    "-A -t »10.0.0.300:80",
    "-A -t »10.0.0.5:99999",
    "-A -t »10.0.0.5:nosuchport",
    "-A -t »10.0.0.5:-1",
    "-A -u »[2001:db8::5]",
    "-A -t »[2001:db8::5:80",
    "-A -t »[2001:db8::g]:80",
    "-A -t »80",
    "-A --sctp-service »[10.0.0.5",
  ),
  ...bad(WRONG_SERVER, "-a -t 10.0.0.1:80 -r »10.1.0.300", "-a -t 10.0.0.1:80 -r »10.1.0.5:65536 -m", "-a -t 10.0.0.1:80 -r »[::1 -m", "-a -t 10.0.0.1:80 -r »7"),
  ...bad("Different address family is allowed only for tunneling servers", "-a -t 10.0.0.1:80 -r [2001:db8::a]:80 -m", "-a -t 10.0.0.1:80 -r [2001:db8::a]:80"),
  ...bad("Zero port specified for non-persistent service", "-A -t 10.0.0.5", "-A -u 10.0.0.5:0 -s rr", "-A -t 2001:db8::5"),
  ...bad("invalid fwmark value `0' specified", "-A -f »0"),
  ...bad("invalid fwmark value `4294967296' specified", "-A -f »4294967296"),
  ...bad("invalid fwmark value `-5' specified", "-A -f »-5"),
  ...bad("invalid fwmark value `0x10' specified", "-A -f »0x10"),
  ...bad("-6 used before -f", "-A »-6 -f 5"),
];

const VALUES = [
  ...bad("illegal weight specified", `${SERVER} -g -w »-1`, `${SERVER} -g -w »1.5`, `${SERVER} -g -w »2147483648`, `${SERVER} -g »-wx`),
  ...bad("illegal u_threshold specified", `${SERVER} -x »many`),
  ...bad("illegal l_threshold specified", `${SERVER} -y »-1`),
  ...bad("invalid timeout value `0' specified", `-A ${SERVICE} -p »0`),
  ...bad("invalid timeout value `forever' specified", `-A ${SERVICE} »--persistent=forever`),
  ...bad("invalid timeout value `x' specified", "--set 1 2 »x"),
  ...bad("invalid timeout value `2678401' specified", "--set »2678401 1 1"),
  ...bad("illegal virtual server persistent mask specified", `-A ${SERVICE} -p -M »255.255.255.256`),
  ...bad("illegal ipv6 netmask specified", "-A -t [2001:db8::5]:80 -p -M »129", "-A -f 5 -6 -p -M »0"),
  ...bad("invalid scheduler flag `nosuch'", `-A ${SERVICE} -s sh -b »nosuch`),
  ...bad("incompatible scheduler flag `mh-port'", `-A ${SERVICE} -s sh -b »mh-port`),
  ...bad("illegal tunnel type specified", `${SERVER} -i --tun-type »vxlan`),
  ...bad("illegal tunnel port specified", `${SERVER} -i --tun-type gue --tun-port »0`),
  ...bad("illegal syncid specified", "--start-daemon master --syncid »256"),
  ...bad("invalid IPv4 mcast-group `10.0.0.1'", "--start-daemon master --mcast-group »10.0.0.1"),
  ...bad("invalid IPv6 mcast-group `2001:db8::1'", "--start-daemon master --mcast-group »2001:db8::1"),
  ...bad("illegal mcast-ttl specified", "--start-daemon master --mcast-ttl »0"),
  ...bad("illegal sync-maxlen specified", "--start-daemon master --sync-maxlen »65508"),
];

const COMBINATIONS = [
  ...bad("Illegal 'real-server' option with the 'add-service' command", `-A ${SERVICE} -r 10.1.0.5:80`),
  ...bad("Illegal 'scheduler' option with the 'add-server' command", `${SERVER} -s rr`),
  ...bad("Illegal 'persistent' option with the 'delete-service' command", "-D -t 10.0.0.1:80 -p"),
  ...bad("Illegal 'numeric' option with the 'add-service' command", `-A ${SERVICE} -n`),
  ...bad("Illegal 'service-address' option with the 'flush' command", `-C ${SERVICE}`),
  ...bad("multiple 'service-address' options specified", `-A ${SERVICE} -t »10.0.0.6:80`, `-A ${SERVICE} -f »6`),
  ...bad("multiple 'forwarding-method' options specified", `${SERVER} -g »-m`),
  ...bad("Tunnel options conflict with forward method", `${SERVER} -m --tun-type ipip`, `${SERVER} --tun-csum`),
  ...bad("Illegal 'tun-port' option with the 'ipip' tunnel type", `${SERVER} -i --tun-type ipip --tun-port 6080`),
  ...bad("The option 'tun-csum' conflicts with the 'tun-nocsum' option in the 'gre' tunnel type", `${SERVER} -i --tun-type gre --tun-csum --tun-nocsum`),
  ...bad("One-Packet Scheduling is only for UDP virtual services", `-A ${SERVICE} -o`),
];

/** What alone is a good command line. */
const NO_RULES = bad("no rule of a table", "-L", "-L -n", "-Lnc", "-S", "-S -n", "-R", "-h", "-v", "-Z", "-Z -t 10.0.0.1:80", "  \t-L");

/** What contradicts the lines before. */
const OUT_OF_PLACE = [
  ...bad("Service not defined", "-a -t 10.0.0.7:80 -r 10.1.0.5 -m", "-a -u 10.0.0.1:80 -r 10.1.0.5 -m", "-e -f 1 -r 10.1.0.1:80 -m", "-d -f 5 -6 -r [::1]:80"),
  ...bad("Service already exists", "-A -t 10.0.0.1:80", "-A -t 10.0.0.1:80 -s wrr", "-A -t 10.1:80", "-A -f 77"),
  ...bad("No such service", "-E -t 10.0.0.7:80 -s rr", "-D -t 10.0.0.7:80", "-D -f 78"),
  ...bad("Destination already exists", "-a -t 10.0.0.1:80 -r 10.1.0.1:80 -m", "-a -t 10.0.0.1:80 -r 10.1.0.1 -g -w 7"),
  ...bad("No such destination", "-e -t 10.0.0.1:80 -r 10.1.0.77 -m", "-d -t 10.0.0.1:80 -r 10.1.0.77"),
  ...bad("Numerical result out of range", `${SERVER} -m -x 5 -y 6`, `${SERVER} -m -y 6`, `-e -t 10.0.0.1:80 -r 10.1.0.1:80 -x 100 -y 101`),
  ...bad("Daemon has already run", "--start-daemon master --mcast-interface eth0 --syncid 7"),
  ...bad("No daemon is running", "--stop-daemon backup"),
];

/** In which a bad line alone makes the whole file bad. */
export const BAD_LINES: Readonly<Record<string, readonly BadLine[]>> = {
  command: COMMANDS,
  word: WORDS,
  truncated: TRUNCATED,
  address: ADDRESSES,
  value: VALUES,
  combination: COMBINATIONS,
  "no rule": NO_RULES,
  "out of place": OUT_OF_PLACE,
};

const MARK = "»";
export const withoutMark = ({ line }: BadLine): string => line.replace(MARK, "");

/** Which character of the line the message names, from 1. */
export function columnOf({ line }: BadLine): number {
  const marked = line.indexOf(MARK);
  const command = [...line.matchAll(/[^ \t]+/g)].find(([word]) => word !== "ipvsadm");
  const index = marked >= 0 ? marked : command?.index;
  return [...line.slice(0, index)].length + 1;
}
