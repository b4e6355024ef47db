/** Several VIPs, several programs: what more than one needs stays until the last goes; what somebody else changed stays as it is. */
import { WANTS_FIREWALL } from "../../../lab/kernel";
import { problems, type Suite } from "../../lab";
import { PRIOR } from "./originals";
import { rules } from "./rules";

const FULLNAT = ["--dev", "eth0", "--mode", "fullnat", "--server-net", "10.98.0.0/24"];
const FORWARDS = "ipv4/ip_forward 1";

const MODE_CHANGED = "lvs-director: 10.99.0.39: changed from fullnat, on eth0, servers in 10.98.0.0/24 to dr, on eth0\n";

export const directorSeveral: Suite = {
  name: "director-several",
  not: WANTS_FIREWALL,
  run: (lab, report) =>
    lab.within(1, async (machine) => {
      await machine.must(PRIOR);
      const before = await machine.snapshot();
      const director = (...words: string[]) => machine.program("lvs-director", words);
      const note = (what: string, found: readonly string[]): void => report.note(`director-several: ${what}`, found);

      note("two start", problems(await director("start", "10.99.0.1", "10.99.0.38", "--dev", "eth0", "--mode", "nat")));
      note("a third, of another mode", problems(await director("start", "10.99.0.39", ...FULLNAT)));
      note("a fourth is a real server's", problems(await machine.realServer("start", "10.99.0.40")));
      const all = await director("status");
      note("all are active", all.status === 0 && (all.stdout.match(/: active\n/g) ?? []).length === 3 ? [] : [JSON.stringify(all)]);
      note("one stops", problems(await director("stop", "10.99.0.38")));
      const one = await machine.snapshot();
      note("its address is gone", one.filter((line) => line.includes("10.99.0.38/")));
      note("forwarding is not", one.includes(FORWARDS) ? [] : ["not there"]);
      note("the others stay active", problems(await director("status", "--json"), { stdout: (await director("status", "--json")).stdout }));
      note("it is not", (await director("status", "10.99.0.38", "--dev", "eth0")).status === 3 ? [] : ["it is"]);
      note("one changes its mode", problems(await director("start", "10.99.0.39", "--dev", "eth0"), { stderr: MODE_CHANGED }));
      note("its rule is gone, and connection tracking", [...(await rules(machine)), ...(await machine.must("sysctl -n net.ipv4.vs.conntrack")).match(/1/g) ?? []]);
      note("all stop", problems(await director("stop", "--all")));
      note("the real server's stays", (await machine.realServer("status")).status === 0 ? [] : ["gone"]);
      note("and stops", problems(await machine.realServer("stop", "--all")));
      note("everything is as it was", await machine.since(before));

      await director("start", "10.99.0.38", ...FULLNAT);
      await machine.must("sysctl -qw net.ipv4.conf.eth0.arp_notify=0 net.ipv4.ip_forward=0 net.ipv4.conf.all.accept_redirects=1");
      const wrong = await director("status");
      note("what somebody changed is wrong", wrong.status === 1 && (wrong.stdout.match(/WRONG/g) ?? []).length === 2 ? [] : [JSON.stringify(wrong)]);
      await machine.must("sysctl -qw net.ipv4.conf.eth0.arp_notify=1 net.ipv4.ip_forward=1 net.ipv4.vs.conntrack=2 net.ipv4.conf.all.accept_redirects=1");
      const stopped = await director("stop", "10.99.0.38");
      const warned = stopped.stderr.includes("net.ipv4.vs.conntrack is 2, not 1") && stopped.stderr.split("\n").length === 2;
      note("a warning", stopped.status === 0 && warned ? [] : [JSON.stringify(stopped)]);
      const left = await machine.since(before);
      const expected = ["ipv4/vs/conntrack 2", "ipv4/conf/all/accept_redirects 1"];
      note("and it is left alone", left.filter((line) => line.startsWith("new: ") && !expected.some((text) => line.includes(text))));
      note("all of it", left.length === 2 * expected.length ? [] : left);
      await machine.must("sysctl -qw net.ipv4.vs.conntrack=0 net.ipv4.conf.all.accept_redirects=0");

      await director("start", "10.99.0.38", ...FULLNAT);
      const byNft = (await machine.shell("nft list ruleset")).stdout.includes("masquerade");
      const table = "ip lvs-director-10.99.0.38-10.98.0.0-24";
      // A rule of iptables can be gone, but not altered: it is another rule then.
      await machine.must(byNft ? `nft add rule ${table} postrouting counter` : "iptables-legacy -t nat -F POSTROUTING");
      const altered = await director("status");
      note("a rule that somebody changed is wrong", altered.status === 1 && /WRONG .*source NAT.*(altered|not there)/.test(altered.stdout) ? [] : [JSON.stringify(altered)]);
      const kept = await director("stop", "10.99.0.38");
      note("and is left alone", kept.stderr.includes("source NAT of 10.99.0.38 towards 10.98.0.0/24 is altered") === byNft && kept.status === 0 ? [] : [JSON.stringify(kept)]);
      if (byNft) await machine.must(`nft delete table ${table}`);
      note("all else is as it was", [...(await machine.since(before)), ...(await rules(machine))]);
    }),
};
