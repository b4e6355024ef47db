/** Random tables as lines of rules: every option, in combinations that the kernel takes. */
import type { Random } from "../differential/random";

/** What a table holds besides services: the kernel refuses daemons beside servers of another family. */
export type Kind = "settings" | "mixed" | "plain";

const SCHEDULERS = ["rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sh", "sh", "sed", "nq", "fo", "ovf", "mh", "mh", "mh"];
const FLAGS: Readonly<Record<string, readonly string[]>> = {
  sh: ["sh-fallback", "sh-port", "flag-3"],
  mh: ["mh-fallback", "mh-port", "flag-3"],
};
const OTHER_FLAGS = ["flag-1", "flag-2", "flag-3"];
const PORTS = ["80", "443", "5060", "8080", "53", "65535"];
const WEIGHTS = ["0", "1", "2", "100", "65535", "65536", "2147483647"];
const LIMITS = [1, 100, 2_147_483_647];
/** From all over: 1.31's order of lists is none for addresses that are far from each other. */
const NETWORKS = ["10.0", "10.1", "100.64", "172.16", "192.0", "203.0"];
const NETWORKS6 = ["2001:db8:1", "2001:db8:2", "64:ff9b", "fd00:1", "2c0f:1"];
const FEWEST = 6;
const MOST = 14;

export function randomTable(random: Random, kind: Kind): string[] {
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = <T>(items: readonly T[]): T => items[below(items.length)]!;
  const maybe = (chance: number, ...words: string[]): string[] => (random() < chance ? words : []);
  const shuffled = (groups: readonly (readonly string[])[]): string[] =>
    groups.map((words) => ({ words, key: random() })).sort((a, b) => a.key - b.key).flatMap(({ words }) => words);

  const ipv4 = (): string => `${pick(NETWORKS)}.${below(3)}.${1 + below(250)}`;
  const ipv6 = (): string => `${pick(NETWORKS6)}::${(1 + below(60_000)).toString(16)}`;
  const endpoint = (six: boolean, port: string): string => (six ? `[${ipv6()}]:${port}` : `${ipv4()}:${port}`);

  const persistence = (six: boolean, persistent: boolean): string[][] => {
    const mask = six ? pick(["1", "48", "64", "127"]) : pick(["255.255.255.0", "255.0.0.0", "255.255.0.255", "0.0.0.0"]);
    return [persistent ? pick([["-p"], ["-p", "1"], ["-p", "100"], ["--persistent=2678400"]]) : [], persistent ? maybe(0.5, "-M", mask) : []];
  };
  const scheduling = (): string[] => {
    const scheduler = pick(SCHEDULERS);
    const flags = (FLAGS[scheduler] ?? OTHER_FLAGS).filter(() => random() < 0.5);
    const wanted = random() < (FLAGS[scheduler] === undefined ? 0.2 : 0.8) && flags.length > 0;
    return ["-s", scheduler, ...(wanted ? ["-b", flags.join(",")] : [])];
  };
  const forwarding = (): string[] => {
    const type = random();
    const checksum = ["--tun-nocsum", "--tun-csum"];
    if (type < 0.25) return ["-i"];
    if (type < 0.4) return ["-i", "--tun-type", "ipip"];
    if (type < 0.7) return ["-i", "--tun-type", "gre", ...maybe(0.7, pick(checksum))];
    return ["-i", "--tun-type", "gue", "--tun-port", pick(["1", "6080", "65535"]), ...maybe(0.8, pick([...checksum, "--tun-remcsum"]))];
  };
  const limits = (): string[] => {
    const upper = pick(LIMITS);
    return random() < 0.3 ? ["-x", String(upper), ...maybe(0.6, "-y", String(1 + below(upper)))] : [];
  };

  const services = new Set<string>();
  const service = (): string[] => {
    const mark = random() < 0.3;
    const six = random() < 0.4;
    const persistent = random() < 0.5;
    const protocol = pick(["-t", "-u", "-u", "--sctp-service"]);
    const port = persistent && random() < 0.15 ? "0" : pick(PORTS);
    const name = mark
      ? ["-f", String(random() < 0.4 ? 2 ** 31 + below(2 ** 31) : 1 + below(2 ** 31 - 1)), ...(six ? ["-6"] : [])]
      : [protocol, endpoint(six, port)];
    if (services.has(name.join(" "))) return [];
    services.add(name.join(" "));
    const ops = mark || protocol === "-u" ? maybe(0.3, "-o") : [];
    const line = ["-A", ...name, ...shuffled([scheduling(), ...persistence(six, persistent), ops, maybe(0.15, "--pe", "sip")])];

    const servers = new Map<string, string[]>();
    for (let count = below(5); count > 0; count--) {
      const way = random();
      const masquerading = way < 0.35;
      const other = !masquerading && way > 0.7 && kind === "mixed";
      const place = endpoint(other ? !six : six, masquerading ? pick(PORTS) : mark ? pick(["0", "80"]) : port);
      const method = masquerading ? ["-m"] : way < 0.5 ? maybe(0.7, "-g") : forwarding();
      servers.set(place, ["-a", ...name, ...shuffled([["-r", place], method, maybe(0.8, "-w", pick(WEIGHTS)), limits()])]);
    }
    return [line, ...servers.values()].map((words) => words.join(" "));
  };
  const daemon = (role: string): string[] => {
    const name = pick(["eth0", "eth0", "lo"]);
    // Loopback has no route for IPv6 groups, and a backup's messages are never shorter than 1024 bytes.
    const groups = ["239.1.2.3", "224.0.0.81", ...(name === "lo" ? [] : ["ff02::77", "ff05::1"])];
    const words = shuffled([
      name === "eth0" ? maybe(0.5, "--mcast-interface", name) : ["--mcast-interface", name],
      maybe(0.8, "--syncid", String(below(256))),
      maybe(0.6, "--sync-maxlen", String((role === "backup" ? 1024 : 500) + below(300))),
      maybe(0.8, "--mcast-group", pick(groups)),
      maybe(0.6, "--mcast-port", String(1 + below(65_535))),
      maybe(0.6, "--mcast-ttl", String(1 + below(255))),
    ]);
    return [["--start-daemon", role, ...words].join(" ")];
  };
  const settings = (): string[] =>
    shuffled([
      random() < 0.8 ? [`--set ${1 + below(2_000)} ${1 + below(200)} ${1 + below(2_678_400)}`] : [],
      random() < 0.8 ? daemon("master") : [],
      random() < 0.8 ? daemon("backup") : [],
    ]);

  const entries = Array.from({ length: FEWEST + below(MOST - FEWEST + 1) }, service);
  return [...entries.flat(), ...(kind === "settings" ? settings() : [])];
}

/** Each option, and what a saved line looks like that holds it. */
export const HELD: Readonly<Record<string, RegExp>> = {
  "TCP service": /^-A -t /m,
  "UDP service": /^-A -u /m,
  "SCTP service": /^-A --sctp-service /m,
  "mark": /^-A -f /m,
  "mark from 2^31": /^-A -f (21474836(4[89]|[5-9]\d)|2147483[7-9]\d\d|214748[4-9]\d{3}|21474[89]\d{4}|2147[5-9]\d{5}|214[89]\d{6}|21[5-9]\d{7}|2[2-9]\d{8}|[34]\d{9}) /m,
  "mark for IPv6": /^-A -f \d+ -6 /m,
  "IPv4 service": /^-A -?-[tus]\S* \d/m,
  "IPv6 service": /^-A -?-[tus]\S* \[/m,
  "service without servers": /^-A .*\n(?!-a)/m,
  "port 0": /^-A .*:0 /m,
  ...Object.fromEntries([...new Set(SCHEDULERS)].map((name) => [`-s ${name}`, new RegExp(`^-A .* -s ${name}( |$)`, "m")])),
  ...Object.fromEntries([...new Set([...Object.values(FLAGS).flat(), ...OTHER_FLAGS])].map((name) => [`-b ${name}`, new RegExp(` -b (\\S*,)?${name}(,|\\s)`, "m")])),
  "-p": / -p \d/,
  "-M, IPv4": / -M \d+\./,
  "-M, IPv6": / -M \d+( |$)/m,
  "--pe": / --pe /,
  "-o": / -o( |$)/m,
  "-m": /^-a .* -m /m,
  "-m to another port": /^-a -\S+ \S+:(\d+) -r \S+:(?!\1 )\d+ -m /m,
  "-g": /^-a .* -g /m,
  "-i": /^-a .* -i /m,
  "--tun-type ipip": / --tun-type ipip/,
  "--tun-type gue": / --tun-type gue/,
  "--tun-type gre": / --tun-type gre/,
  "--tun-port": / --tun-port /,
  "--tun-nocsum": / --tun-nocsum/,
  "--tun-csum": / --tun-csum/,
  "--tun-remcsum": / --tun-remcsum/,
  "IPv6 server of an IPv4 service": /^-a -?-[tus]\S* \d\S* -r \[|^-a -f \d+ -r \[/m,
  "IPv4 server of an IPv6 service": /^-a -?-[tus]\S* \[\S* -r \d|^-a -f \d+ -6 -r \d/m,
  "-w 0": / -w 0( |$)/m,
  "-w above 65535": / -w (65536|2147483647)( |$)/m,
  "-x": / -x /,
  "-y": / -y /,
  "--set": /^--set /m,
  "--start-daemon master": /^--start-daemon master/m,
  "--start-daemon backup": /^--start-daemon backup/m,
  "--mcast-interface": / --mcast-interface /,
  "--syncid": / --syncid /,
  "--sync-maxlen": / --sync-maxlen /,
  "--mcast-group, IPv4": / --mcast-group \d/,
  "--mcast-group, IPv6": / --mcast-group ff/,
  "--mcast-port": / --mcast-port /,
  "--mcast-ttl": / --mcast-ttl /,
};
