/** Names of hosts, both ways, with a hosts file of our own; and a resolver that is dead. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PATIENCE } from "../../../src/names/hosts";
import { share } from "../../lab/share";
import { rules, typed } from "../cases/case";
import { compare } from "./groups";
import { differences, show, type Suite } from "./suite";

const HOSTS = `
127.0.0.1 localhost
10.0.0.1 a.very.long.host.name.that.goes.beyond.sixty.characters.and.then.some.example.com alias
10.0.0.2 web2.example web2
10.0.0.5 both.example
10.0.0.9 multi.example
10.0.0.8 multi.example
10.1.0.1 exactly28.characters.ex
2001:db8::5 both.example
2001:db8::6 six.example
2001:db8::7 a.very.long.host.name.for.an.ipv6.address.beyond.sixty.characters.example.com
`;

const RULES = rules(
  "-A -t 10.0.0.1:80 -s rr",
  "-a -t 10.0.0.1:80 -r 10.1.0.1 -g",
  "-a -t 10.0.0.1:80 -r 10.0.0.2:8080 -m",
  "-a -t 10.0.0.1:80 -r [2001:db8::7]:80 -i",
  "-A -u 10.0.0.2:53 -s rr",
  "-A -t [2001:db8::6]:443 -p",
  "-A -t [2001:db8::7]:443 -p",
  "-A -f 5",
  "-a -f 5 -r 10.0.0.2:80 -m",
  "-A --sctp-service 10.0.0.2:5060",
);

const LINES = [
  ...["", "--stats", "--rate", "--thresholds", "--persistent-conn", "--tun-info", "--exact", "--stats --exact", "-n"].map((view) => `-L ${view}`),
  "-S",
  "-L -t web2.example:80",
  "-L -u web2:53",
  "-L -t 10.0.0.1:http",
  "-A -t both.example:80",
  "-A -t multi.example:80",
  "-A -t WEB2.example:80",
  "-A -t web2.example",
  "-A -t web2.example -p",
  "-A -t [web2.example]:80 -p",
  "-a -f 5 -r both.example:80",
  "-a -t web2.example:80 -r both.example",
  "-a -t 10.0.0.1:80 -r web2",
  "-a -t 10.0.0.1:80 -r web2:http -m",
  "-A -t nosuch.example:80",
  "-A -t web2.example:nosuch",
];

export const names: Suite = {
  name: "names of hosts and services",
  run: async (rig, report) => {
    const folder = mkdtempSync(join(tmpdir(), "names-"));
    const bind = (path: string, text: string): void => {
      const file = join(folder, path.replaceAll("/", "_"));
      writeFileSync(file, text);
      execFileSync("mount", ["--bind", file, path]);
    };
    bind("/etc/hosts", HOSTS);
    for (const line of share(LINES)) {
      await rig.prepare(RULES);
      report.note(`names: ipvsadm ${line}`, await compare(rig, typed(line), report));
    }

    // On purpose: a name that has only an IPv6 address works.
    await rig.prepare(RULES);
    const added = await rig.subject(["-A", "-t", "six.example:80"]);
    const listed = await rig.beside.run(["-S", "-n", ]);
    report.note("a host name with only an IPv6 address", [
      ...differences({ stdout: "", stderr: "", status: 0 }, added),
      ...(listed.stdout.includes("-A -t [2001:db8::6]:80 -s wlc\n") ? [] : [`the service is missing from\n${listed.stdout}`]),
    ]);

    // A resolver that swallows every question: numbers, and not much later.
    await rig.prepare(RULES);
    bind("/etc/hosts", "127.0.0.1 localhost\n");
    bind("/etc/resolv.conf", "nameserver 10.99.0.77\n");
    const start = Date.now();
    const slow = await rig.subject(["-L"], undefined, PATIENCE);
    console.log(`names from a dead resolver: listed after ${((Date.now() - start) / 1000).toFixed(1)} s`);
    report.note(`dead resolver: ${show(["-L"])}`, [
      ...(slow.status === 0 && slow.stderr === "" ? [] : [`status ${slow.status}, ${slow.stderr}`]),
      ...(slow.stdout.includes("TCP  10.0.0.1:http rr\n  -> ") ? [] : [`not in numbers: ${slow.stdout}`]),
    ]);
    for (const path of ["/etc/resolv.conf", "/etc/hosts", "/etc/hosts"]) execFileSync("umount", [path]);
  },
};
