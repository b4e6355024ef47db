/** Every word of the command line in every way to write it, and what popt makes of the rest. */
import { type Word, WORDS } from "../../words";
import { type Case, type Group, typed } from "./case";
import { SAMPLE_RULES, SERVER, SERVICE } from "./samples";

/** A value that each word with an argument takes. */
const ARGUMENTS: Readonly<Record<string, string>> = {
  "start-daemon": "master",
  "stop-daemon": "master",
  "tcp-service": SERVICE,
  "udp-service": SERVICE,
  "sctp-service": SERVICE,
  "fwmark-service": "5",
  scheduler: "rr",
  pe: "sip",
  persistent: "60",
  netmask: "255.255.255.0",
  "sched-flags": "flag-1",
  "real-server": SERVER,
  "tun-type": "gre",
  "tun-port": "6080",
  weight: "5",
  "u-threshold": "9",
  "l-threshold": "3",
  "mcast-interface": "lo",
  "mcast-group": "239.1.1.1",
  "mcast-port": "9000",
  "mcast-ttl": "3",
  syncid: "9",
  "sync-maxlen": "1000",
};

function spellings({ long, short, argument }: Word): string[][] {
  if (argument === "none") return [[`--${long}`], [`--${long}=1`], ...(short === undefined ? [] : [[`-${short}`], [`-${short}=`], [`-${short}=1`]])];
  const value = ARGUMENTS[long] ?? "";
  return [
    [`--${long}`, value],
    [`--${long}=${value}`],
    [`--${long}=`],
    [`--${long}`],
    ...(short === undefined ? [] : [[`-${short}`, value], [`-${short}${value}`], [`-${short}=${value}`], [`-${short}==${value}`], [`-${short}`]]),
  ];
}

/** Commands with which each word is tried: first in the line, and after one that takes it or not. */
const BEFORE = [[], ["-A"], ["-L"], ["-a", "-t", SERVICE, "-r", SERVER]];

const each: Case[] = WORDS.flatMap((word) => spellings(word).flatMap((spelling) => BEFORE.map((before) => ({ words: [...before, ...spelling] }))));

const LINES = `
-At 10.0.0.9:80
-At10.0.0.9:80
-At=10.0.0.9:80
-At==10.0.0.9:80
-Lnc
-Lcn
-Lnt 10.0.0.1:80
-Lnt10.0.0.1:80
-LnT
-Lx
-LL
-L -L
-LA
-AA
-AL
-Ll
-lL
-Lnn
-Ln extra
-L extra more
extra -L
-L -- -n
-L --
-- -L
-L -
-
--
--=
--=x
-=
-L=
-L=n
-L-n
-L--n
--list=
--lis
--lists
-list
-add-service
--n
--numeric
-n
-nL
-Ap
-Ap 5
-Ap5
-Ap=5
-Ap==5
-A -p -t 10.0.0.9:80
-A -t 10.0.0.9:80 -p
-A -t 10.0.0.9:80 -p 5
-A -t 10.0.0.9:80 -p5 -s rr
-A -t 10.0.0.9:80 -ps rr
-A -t 10.0.0.9:80 -p -5
-A -t 10.0.0.9:80 -p - -s rr
-A -t 10.0.0.9:80 -p -- -s rr
-A -t 10.0.0.9:80 -p= -s rr
-A -t 10.0.0.9:80 --persistent= -s rr
-A -t 10.0.0.9:80 --persistent 5
-A -t 10.0.0.9:80 --persistent -s rr
-A -t 10.0.0.9:80 --persistent extra -s rr
-A -t
-A -t 10.0.0.9:80 -s
-A -t -s rr
-tA 10.0.0.9:80
-a -gt 10.0.0.1:80 -r 10.1.0.9
-a -mgt 10.0.0.1:80 -r 10.1.0.9
-a -t 10.0.0.1:80 -mr 10.1.0.9 -w5
-a -t 10.0.0.1:80 -r10.1.0.9 -mw=5 -x6 -y=5
-A -t 10.0.0.9:80 -z
-A -t 10.0.0.9:80 -sz
-A -t 10.0.0.9:80 -oz
-A -t 10.0.0.9:80 --bogus
-A -t 10.0.0.9:80 --bogus=3
-A -t 10.0.0.9:80 -h
-A -t 10.0.0.9:80 -v
-A -t 10.0.0.9:80 -D
-hv
-vh
-h extra
-v --bogus
-h --bogus
-?
--usage
--help=1
--version=1
`;

export const popt: Group[] = [
  { name: "every word in every spelling", rules: SAMPLE_RULES, cases: each },
  {
    name: "what popt makes of it",
    rules: SAMPLE_RULES,
    cases: [...LINES.trim().split("\n").map(typed), { words: [""] }, { words: ["-L", ""] }, { words: ["", "-L"] }, { words: ["-é"] }, { words: ["-L", "-é"] }, { words: ["-Lné"] }],
  },
];
