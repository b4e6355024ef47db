/** What is typed, and what TAB makes of it. */
import { WORDS } from "../words";
import { commandOf, goesWith, type Shell, spellings } from "./facts";

export interface Case {
  readonly line: string;
  /** Where a shell does something else by itself. */
  readonly not?: Shell;
  /** Whole words, in any order; not looked at where there are none. */
  readonly candidates?: readonly string[];
  /** The line after TAB, as every shell quotes it, or as each does. */
  readonly becomes?: string | Readonly<Record<Shell, string>>;
}

/** The table of the kernel that is asked. */
export const RULES = `
-A -t 192.0.2.1:80 -s wlc
-a -t 192.0.2.1:80 -r 10.0.0.11:80 -m -w 1
-a -t 192.0.2.1:80 -r 10.0.0.12:8080 -m -w 1
-A -t [2001:db8::1]:443 -s mh
-a -t [2001:db8::1]:443 -r [2001:db8::11]:443 -g -w 1
-A -u 192.0.2.1:53 -s rr -o
-a -u 192.0.2.1:53 -r 10.0.0.13:53 -m -w 1
-A --sctp-service 192.0.2.1:7000 -s rr
-A -f 7 -s rr
-a -f 7 -r 10.0.0.14:0 -g -w 1
-A -f 6666 -6 -s rr
-a -f 6666 -6 -r [2001:db8::14]:0 -g -w 1
`;
export const DEVICES = ["eth0", "eth0.7"];
/** Commands of ip(8). */
export const NETWORK = `
link add eth0 type dummy
link add eth0.7 type dummy
link set eth0 up
address add 10.0.0.1/24 dev eth0
address add 192.0.2.1/32 dev eth0
address add 192.0.2.9/32 dev lo
address add 192.0.2.10/32 dev lo
address add 2001:db8:9::9/128 dev lo nodad
address add 2001:db8:1::1/128 dev eth0 nodad
`;
export const FILES = ["director.rules", "other rules"];

const TCP = ["192.0.2.1:80", "[2001:db8::1]:443"];
const UDP = ["192.0.2.1:53"];
const SCTP = ["192.0.2.1:7000"];
const MARKS = ["7", "6666"];
const SCHEDULERS = ["rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed", "nq", "fo", "ovf", "mh", "twos"];
const SERVICE = ["-t", "--tcp-service", "-u", "--udp-service", "--sctp-service", "-f", "--fwmark-service"];
const HELP = ["-h", "--help", "-V", "--version"];
const VERBOSE = ["-v", "--verbose"];
const OF_A_SERVER = ["-w", "--weight", "-x", "--u-threshold", "-y", "--l-threshold"];
const FORWARDING = ["-g", "--gatewaying", "-i", "--ipip", "-m", "--masquerading"];
const COMMANDS = WORDS.map(({ long }) => long).filter((long) => commandOf(long) !== undefined || long === "help" || long === "version");

/** After each command, what src/command-line lets stand with it; what only some option brings with it waits for that. */
const afterEachCommand = [...new Set(COMMANDS)].flatMap((long): Case[] => {
  const command = commandOf(long);
  if (command === undefined) return [];
  const words = WORDS.map((word) => word.long).filter((word) => goesWith(command, word) && word !== "ipv6" && (!word.startsWith("tun-") || word === "tun-info"));
  const argument = long.endsWith("-daemon") ? " master" : "";
  return spellings(long).map((spelling) => ({ line: `ipvsadm ${spelling}${argument} -`, candidates: words.flatMap(spellings) }));
});

const bySchedulers: Case[] = ["-s ", "--scheduler "].map((word) => ({ line: `ipvsadm -A -t 192.0.2.7:80 ${word}`, candidates: SCHEDULERS }));

export const CASES: readonly Case[] = [
  { line: "ipvsadm ", candidates: COMMANDS.flatMap(spellings) },
  { line: "ipvsadm --st", candidates: ["--start-daemon", "--stop-daemon"] },
  ...afterEachCommand,

  // What stands on the line takes others off it.
  { line: "ipvsadm -A -t 192.0.2.7:80 --s", candidates: ["--scheduler", "--sched-flags"] },
  { line: "ipvsadm -Ln --st", candidates: ["--stats"], becomes: "ipvsadm -Ln --stats " },
  { line: "ipvsadm -Lnc --t", candidates: ["--thresholds", "--tun-info"] },
  { line: "ipvsadm -D -f 7 -", candidates: ["-6", "--ipv6"] },
  { line: "ipvsadm -D -t 192.0.2.1:80 -", candidates: [] },
  { line: "ipvsadm -L --daemon --nosort --", candidates: ["--numeric", "--stats", "--rate", "--exact", "--thresholds", "--persistent-conn", "--tun-info"] },
  { line: "ipvsadm -a -t 192.0.2.1:80 -r 10.0.0.1 ", candidates: [...FORWARDING, ...OF_A_SERVER] },
  { line: "ipvsadm -a -t 192.0.2.1:80 -r 10.0.0.1 -m ", candidates: OF_A_SERVER },
  { line: "ipvsadm -a -t 192.0.2.1:80 -r 10.0.0.1 -i --t", candidates: ["--tun-type"], becomes: "ipvsadm -a -t 192.0.2.1:80 -r 10.0.0.1 -i --tun-type " },
  { line: "ipvsadm -a -f 7 -i --tun-type gue --t", candidates: ["--tun-port", "--tun-nocsum", "--tun-csum", "--tun-remcsum"] },
  { line: "ipvsadm -a -f 7 -i --tun-type gue --tun-csum --t", candidates: ["--tun-port"] },
  { line: "ipvsadm -a -f 7 -i --tun-type gre --t", candidates: ["--tun-nocsum", "--tun-csum"] },
  { line: "ipvsadm -a -f 7 -i --tun-type ipip --t", candidates: [] },
  { line: "ipvsadm -A -f 7 -p 600 --p", candidates: ["--pe"] },
  { line: "ipvsadm -A -f 7 -p --p", candidates: ["--pe"] },

  // Arguments that need no kernel.
  ...bySchedulers,
  { line: "ipvsadm -E -t 192.0.2.1:80 -s wl", candidates: ["wlc"], becomes: "ipvsadm -E -t 192.0.2.1:80 -s wlc " },
  { line: "ipvsadm -A -u 192.0.2.7:5060 --pe ", candidates: ["sip"] },
  { line: "ipvsadm -A -f 9 -s mh -b ", candidates: ["mh-fallback", "mh-port"] },
  { line: "ipvsadm -A -f 9 -s sh -b sh-fallback,sh-p", candidates: ["sh-fallback,sh-port"], becomes: "ipvsadm -A -f 9 -s sh -b sh-fallback,sh-port " },
  { line: "ipvsadm -A -f 9 --sched-flags=", candidates: ["flag-1", "flag-2", "flag-3"].map((flag) => `--sched-flags=${flag}`) },
  { line: "ipvsadm -a -f 7 -r 10.0.0.1 -i --tun-type ", candidates: ["ipip", "gue", "gre"] },
  { line: "ipvsadm --start-daemon ", candidates: ["master", "backup"] },
  { line: "ipvsadm --stop-daemon=b", candidates: ["--stop-daemon=backup"], becomes: "ipvsadm --stop-daemon=backup " },
  { line: "ipvsadm --start-daemon master --mcast-interface et", candidates: DEVICES },
  { line: "ipvsadm --start-daemon master --mcast-interface=eth0.", candidates: ["--mcast-interface=eth0.7"], becomes: "ipvsadm --start-daemon master --mcast-interface=eth0.7 " },
  { line: "ipvsadm --set 900 ", candidates: [] },
  { line: "ipvsadm -a -f 7 -r 10.0.0.1 -w ", candidates: [] },

  // What the kernel has.
  { line: "ipvsadm -A -t ", candidates: [] },
  { line: "ipvsadm -E -t ", candidates: TCP },
  { line: "ipvsadm -D --tcp-service=", candidates: TCP.map((service) => `--tcp-service=${service}`) },
  { line: "ipvsadm -Z -u ", candidates: UDP, becomes: "ipvsadm -Z -u 192.0.2.1:53 " },
  { line: "ipvsadm -Lnt ", candidates: TCP },
  { line: "ipvsadm --list --sctp-service ", candidates: SCTP, becomes: "ipvsadm --list --sctp-service 192.0.2.1:7000 " },
  { line: "ipvsadm -D -f ", candidates: MARKS },
  { line: "ipvsadm -D -f 66", candidates: ["6666"], becomes: "ipvsadm -D -f 6666 " },
  { line: "ipvsadm -D -t 192", candidates: ["192.0.2.1:80"], becomes: "ipvsadm -D -t 192.0.2.1:80 " },
  { line: "ipvsadm -D -t 192.0.2.1:", candidates: ["192.0.2.1:80"], becomes: "ipvsadm -D -t 192.0.2.1:80 " },
  { line: "ipvsadm -D -t 192.0.2.1:8", candidates: ["192.0.2.1:80"], becomes: "ipvsadm -D -t 192.0.2.1:80 " },
  {
    // In zsh, a bracket that is not quoted begins a subscript.
    not: "zsh",
    line: "ipvsadm -D -t [2001:db8:",
    candidates: ["[2001:db8::1]:443"],
    becomes: { bash: "ipvsadm -D -t [2001:db8::1]:443 ", zsh: "", fish: "ipvsadm -D -t \\[2001:db8::1\\]:443 " },
  },
  {
    line: "ipvsadm -D -t \\[2001:db8:",
    candidates: ["[2001:db8::1]:443"],
    becomes: { bash: "ipvsadm -D -t \\[2001:db8::1]:443 ", zsh: "ipvsadm -D -t \\[2001:db8::1\\]:443 ", fish: "ipvsadm -D -t \\[2001:db8::1\\]:443 " },
  },
  {
    line: "ipvsadm -D -t '[2001:db8::1]:",
    candidates: ["[2001:db8::1]:443"],
    becomes: "ipvsadm -D -t '[2001:db8::1]:443' ",
  },
  { line: "ipvsadm -d -t 192.0.2.1:80 -r ", candidates: ["10.0.0.11:80", "10.0.0.12:8080"] },
  { line: "ipvsadm -e -t 192.0.2.1:80 -r 10.0.0.12:", candidates: ["10.0.0.12:8080"], becomes: "ipvsadm -e -t 192.0.2.1:80 -r 10.0.0.12:8080 " },
  { line: "ipvsadm -et '[2001:db8::1]:443' --real-server=", candidates: ["--real-server=[2001:db8::11]:443"] },
  { line: "ipvsadm -d --udp-service=192.0.2.1:53 -r ", candidates: ["10.0.0.13:53"] },
  { line: "ipvsadm -d -f 7 -r ", candidates: ["10.0.0.14:0"] },
  { line: "ipvsadm -d -f 6666 -6 -r ", candidates: ["[2001:db8::14]:0"] },
  { line: "ipvsadm -a -t 192.0.2.1:80 -r ", candidates: [] },
  { line: "ipvsadm -d -r ", candidates: [] },
  { line: "ipvsadm -d -t 192.0.2.99:80 -r ", candidates: [] },

  { line: "ipvsadm-save -", candidates: ["-n", "--numeric", "--all", "-o", "--output", ...HELP] },
  { line: "ipvsadm-save -n -o director.rules -", candidates: ["--all", "--allow-empty", ...HELP] },
  { line: "ipvsadm-save -o dir", becomes: "ipvsadm-save -o director.rules " },
  { line: "ipvsadm-save --output=dir", becomes: "ipvsadm-save --output=director.rules " },
  { line: "ipvsadm-restore -", candidates: ["--drain", "--noflush", "--clear", "--skip-bad", "--test", "--dry-run", ...VERBOSE, ...HELP] },
  { line: "ipvsadm-restore --drain 60 -", candidates: ["--skip-bad", "--test", "--dry-run", ...VERBOSE, ...HELP] },
  { line: "ipvsadm-restore --dry-run dir", becomes: "ipvsadm-restore --dry-run director.rules " },
  { line: "ipvsadm-restore oth", becomes: { bash: "ipvsadm-restore other\\ rules ", zsh: "ipvsadm-restore other\\ rules ", fish: "ipvsadm-restore other\\ rules " } },

  { line: "lvs-realserver ", candidates: ["start", "stop", "restart", "status", "watch"] },
  { line: "lvs-realserver -", candidates: [...VERBOSE, ...HELP] },
  { line: "lvs-realserver start 192.0.2.7 --", candidates: ["--tunnel", "--dry-run", "--persist", "--verbose", "--help", "--version"] },
  { line: "lvs-realserver start 192.0.2.7 --tunnel ", candidates: ["ipip", "gre", "gue"] },
  { line: "lvs-realserver start 192.0.2.7 --tunnel gue --p", candidates: ["--port", "--persist"] },
  { line: "lvs-realserver stop ", candidates: ["192.0.2.9", "192.0.2.10", "2001:db8:9::9"] },
  { line: "lvs-realserver stop 192.0.2.9 ", candidates: ["192.0.2.10", "2001:db8:9::9"] },
  { line: "lvs-realserver stop 192.0.2.9 2001:db8:", candidates: ["2001:db8:9::9"], becomes: "lvs-realserver stop 192.0.2.9 2001:db8:9::9 " },
  { line: "lvs-realserver stop 192.0.2.9 --", candidates: ["--dry-run", "--persist", "--verbose", "--help", "--version"] },
  { line: "lvs-realserver stop --all ", candidates: ["--dry-run", "--persist", ...VERBOSE, ...HELP] },
  { line: "lvs-realserver status --j", candidates: ["--json"], becomes: "lvs-realserver status --json " },
  { line: "lvs-realserver watch 192.0.2.9 --i", candidates: ["--interval"], becomes: "lvs-realserver watch 192.0.2.9 --interval " },
  { line: "lvs-director re", candidates: ["restart"], becomes: "lvs-director restart " },
  { line: "lvs-director start 192.0.2.7 --dev et", candidates: DEVICES },
  { line: "lvs-director start 192.0.2.7 --dev eth0 --mode ", candidates: ["nat", "dr", "tun", "fullnat"] },
  { line: "lvs-director start 192.0.2.7 --dev eth0 --mode nat --s", candidates: [] },
  { line: "lvs-director start 192.0.2.7 --dev eth0 --mode=fullnat --server-net 10.0.0.0/8 --s", candidates: ["--server-net"] },
  { line: "lvs-director stop ", candidates: ["192.0.2.1", "2001:db8:1::1"] },
  { line: "lvs-director status ", candidates: ["192.0.2.1", "2001:db8:1::1"] },
  { line: "lvs-director watch ", candidates: ["192.0.2.1", "2001:db8:1::1"] },
];

/** By our own program, for it is asked as it is typed. */
export const ours = (program: string): readonly Case[] => [
  { line: `${program} -D -t `, candidates: TCP },
  { line: `${program} -d -t '[2001:db8::1]:443' -r `, candidates: ["[2001:db8::11]:443"] },
];

/** Where nothing can be known of the kernel, what needs none is still there. */
export const blind = (program: string): readonly Case[] => [
  { line: `${program} -d -t 192.0.2.1:80 -r `, candidates: [] },
  { line: `${program} -D -`, candidates: SERVICE },
];
