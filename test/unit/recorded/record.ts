/**
 * Records the bytes that Debian's ipvsadm 1.31 and a real kernel exchange, in the lab (strace must be installed):
 *
 *   npm run -s build:test && test/lab/run [--kernel qemu] -- node build/unit/recorded/record.cjs FILE
 */
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { release } from "node:os";

/** In this order in one kernel; those that begin with "#" only prepare what the others find. */
const COMMANDS = [
  "ipvsadm --start-daemon master --mcast-interface lo --syncid 7 --sync-maxlen 1400 --mcast-group 224.0.0.99 --mcast-port 8899 --mcast-ttl 3",
  "ipvsadm --start-daemon backup --mcast-interface lo --syncid 9 --mcast-group ff02::99",
  "ipvsadm -L --daemon",
  "ipvsadm --start-daemon master --mcast-interface lo --syncid 7",
  "ipvsadm --stop-daemon master --syncid 7",
  "ipvsadm --stop-daemon master --syncid 7",
  "ipvsadm --stop-daemon backup --syncid 9",
  "ipvsadm -A -t 192.0.2.1:80 -s wrr -p 300 -M 255.255.255.0",
  "ipvsadm -A -t 192.0.2.1:443 -s sh -b sh-fallback,sh-port",
  "ipvsadm -A -u 192.0.2.2:5060 -s rr -p 60 --pe sip",
  "ipvsadm -A -u 192.0.2.2:53 -s mh -b mh-port -o",
  "ipvsadm -A --sctp-service 192.0.2.3:9",
  "ipvsadm -A -t [2001:db8::1]:443 -s lc -p 90 -M 64",
  "ipvsadm -A -f 7 -6 -s lblc -p -M 48",
  "ipvsadm -A -f 4294967295 -s nq -b flag-1,flag-3",
  "ipvsadm -E -u 192.0.2.2:5060 -s mh -b mh-port -p 70 -M 255.255.0.0 --pe sip -o",
  "ipvsadm -a -t 192.0.2.1:80 -r 10.0.0.1:8080 -m -w 2 -x 500 -y 400",
  "ipvsadm -a -t 192.0.2.1:80 -r 10.0.0.2 -g -w 0",
  "ipvsadm -a -t 192.0.2.1:80 -r 10.0.0.3 -i",
  "ipvsadm -a -t 192.0.2.1:80 -r 10.0.0.4 -i --tun-type gue --tun-port 6080 --tun-remcsum",
  "ipvsadm -a -t 192.0.2.1:80 -r 10.0.0.5 -i --tun-type gre --tun-csum",
  "ipvsadm -a -t 192.0.2.1:80 -r [2001:db8::f]:80 -i --tun-type gue --tun-port 6081 --tun-nocsum",
  "ipvsadm -a -t [2001:db8::1]:443 -r [2001:db8::2]:8443 -m -w 3",
  "ipvsadm -a -f 7 -6 -r [2001:db8::3]:0 -g",
  "ipvsadm -e -t 192.0.2.1:80 -r 10.0.0.1:8080 -m -w 65535 -x 1000 -y 900",
  "# ip addr add 198.51.100.1/32 dev lo && busybox httpd -p 127.0.0.1:81 -h /etc",
  "ipvsadm -A -t 198.51.100.1:80 -s rr",
  "ipvsadm -a -t 198.51.100.1:80 -r 127.0.0.1:81 -m",
  "# for request in 1 2 3; do curl -s http://198.51.100.1/hostname; done; sleep 4",
  "ipvsadm -L -n --stats --exact",
  "ipvsadm -L -n -t 192.0.2.1:80",
  "ipvsadm --set 100 0 30",
  "ipvsadm -L --timeout",
  "ipvsadm -A -t 192.0.2.1:80",
  "ipvsadm -A -t 192.0.2.1:81 -s nosuch",
  "ipvsadm -a -t 192.0.2.1:80 -r 10.0.0.2 -g",
  "ipvsadm -d -t 192.0.2.1:80 -r 10.0.0.9",
  "ipvsadm -D -t 192.0.2.9:80",
  "ipvsadm -L -n -f 99",
  "ipvsadm -Z -t 192.0.2.1:80",
  "ipvsadm -Z",
  "ipvsadm -d -t 192.0.2.1:80 -r 10.0.0.2",
  "ipvsadm -D -f 7 -6",
  "ipvsadm -C",
];

const TRACE = "/tmp/trace";
const CONTROLLER = 16;
const GET_INFO = 15;

interface Exchanged {
  request: string;
  replies: string[];
}

/** Runs one command under strace and reads what went over its netlink sockets. */
function record(command: string): { output: string; exchanges: Exchanged[] } {
  const words = ["-s", "0", "-e", "trace=sendmsg,recvmsg", "-e", "read=3", "-e", "write=3", "-o", TRACE, ...command.split(" ")];
  const { stdout, stderr } = spawnSync("strace", words, { encoding: "utf8" });
  return { output: stdout + stderr, exchanges: readTrace(readFileSync(TRACE, "latin1")) };
}

function readTrace(trace: string): Exchanged[] {
  const exchanges: Exchanged[] = [];
  for (const call of trace.split(/^(?=(?:send|recv)msg\()/m)) {
    // libnl looks at each datagram before it takes it.
    if (call.includes("MSG_PEEK")) continue;
    const bytes = [...call.matchAll(/^ \| [0-9a-f]+ {2}([0-9a-f ]{48})/gm)].map(([, line = ""]) => line.replaceAll(" ", "")).join("");
    if (call.startsWith("sendmsg")) exchanges.push({ request: bytes, replies: [] });
    if (call.startsWith("recvmsg")) exchanges.at(-1)?.replies.push(bytes);
  }
  return exchanges;
}

const isFamily = ({ request }: Exchanged): boolean => Buffer.from(request, "hex").readUInt16LE(4) === CONTROLLER;
const isInfo = ({ request }: Exchanged): boolean => !isFamily({ request, replies: [] }) && Buffer.from(request, "hex")[16] === GET_INFO;

const wrapped = (bytes: string, indent: string): string => {
  const lines = bytes.match(/.{1,96}/g) ?? [];
  return lines.length < 2 ? `hex("${bytes}")` : `hex(\`\n${lines.map((line) => `${indent}  ${line}\n`).join("")}${indent}\`)`;
};

const literal = ({ request, replies }: Exchanged, indent: string): string =>
  `{\n${indent}  request: ${wrapped(request, `${indent}  `)},\n` +
  `${indent}  replies: [\n${replies.map((reply) => `${indent}    ${wrapped(reply, `${indent}    `)},\n`).join("")}${indent}  ],\n${indent}}`;

function main(file: string): void {
  execFileSync("modprobe", ["-a", "ip_vs", "ip_vs_pe_sip"]);
  const runs: string[] = [];
  let family: Exchanged | undefined;
  let info: Exchanged | undefined;
  for (const command of COMMANDS) {
    if (command.startsWith("#")) {
      execFileSync("sh", ["-c", command.slice(1)], { stdio: "ignore" });
      continue;
    }
    const { output, exchanges } = record(command);
    family ??= exchanges.find(isFamily);
    info ??= exchanges.find(isInfo);
    const own = exchanges.filter((exchange) => !isFamily(exchange) && !isInfo(exchange));
    runs.push(
      `    {\n      command: ${JSON.stringify(command)},\n      output: ${JSON.stringify(output)},\n` +
        `      exchanges: [\n${own.map((exchange) => `        ${literal(exchange, "        ")},\n`).join("")}      ],\n    },\n`,
    );
  }
  if (family === undefined || info === undefined) throw new Error("strace saw no netlink");
  const version = execFileSync("dpkg-query", ["-W", "-f", "${Version}", "ipvsadm"], { encoding: "utf8" });
  writeFileSync(
    file,
    `/** Debian's ipvsadm ${version} on Linux ${release()}, little-endian; written by record.ts. */\n` +
      'import { hex, type Recording } from "./exchange";\n\n' +
      `export const recording: Recording = {\n  kernel: "Linux ${release()}",\n` +
      `  family: ${literal(family, "  ")},\n  info: ${literal(info, "  ")},\n  runs: [\n${runs.join("")}  ],\n};\n`,
  );
}

main(process.argv[2] ?? "/dev/stdout");
