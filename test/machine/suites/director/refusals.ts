/** What lvs-director refuses: one line that names it, a status, and nothing is changed. */
import { join } from "node:path";
import { sharedPrograms } from "../../../lab/programs";
import { problems, type Suite } from "../../lab";

const FULLNAT = ["--dev", "eth0", "--mode", "fullnat"];

/** The words, and what is said of them. */
const WORDS: readonly (readonly [words: readonly string[], said: string])[] = [
  [[], "a command is missing (start, stop, restart, status, watch)\nTry `lvs-director --help' for more information."],
  [["begin"], "begin: unknown command (start, stop, restart, status, watch)\nTry `lvs-director --help' for more information."],
  [["start", "--dev", "eth0"], "start: a VIP is missing"],
  [["start", "10.99.0.38"], "start: a network device is missing (--dev)"],
  [["start", "10.99.0.38/24", "--dev", "eth0"], "10.99.0.38/24: a VIP has no prefix length (10.99.0.38)"],
  [["start", "2001:db8::38/64", "--dev", "eth0"], "2001:db8::38/64: a VIP has no prefix length (2001:db8::38)"],
  [["start", "224.0.0.18", "--dev", "eth0"], "224.0.0.18: cannot be a VIP: it is a multicast address"],
  [["start", "ff02::12", "--dev", "eth0"], "ff02::12: cannot be a VIP: it is a multicast address"],
  [["start", "10.99.0.38", "10.99.0.256", "--dev", "eth0"], '10.99.0.256: not an IP address'],
  [["start", "10.99.0.38", "--dev", "eth7"], '--dev: there is no network device "eth7"'],
  [["start", "10.99.0.38", "--dev", "../eth0"], '--dev: "../eth0" is not a name of a network device'],
  [["start", "10.99.0.38", "--dev", "eth0", "--mode", "masq"], '--mode: "masq" is not a mode (nat, dr, tun, fullnat)'],
  [["start", "10.99.0.38", "--dev", "eth0", "--dev", "lo"], "--dev: given more than once: eth0, lo"],
  [["start", "10.99.0.38", "--mode", "nat"], "--mode nat: a network device is missing (--dev)"],
  [["start", "10.99.0.38", ...FULLNAT], "--mode fullnat: the network of the real servers is missing (--server-net)"],
  [["start", "10.99.0.38", ...FULLNAT, "--server-net", "10.98.0.0/33"], '--server-net: "10.98.0.0/33" is not a network: a prefix length is 1 to 32'],
  [["start", "10.99.0.38", ...FULLNAT, "--server-net", "0.0.0.0/0"], '--server-net: "0.0.0.0/0" is not a network: a prefix length is 1 to 32'],
  [["start", "10.99.0.38", ...FULLNAT, "--server-net", "10.98.0.9/24"], "--server-net: 10.98.0.9/24 is not a network, but 10.98.0.0/24 is"],
  [["start", "10.99.0.38", ...FULLNAT, "--server-net", "lan"], '--server-net: "lan" is not a network (such as 10.0.2.0/24 or 2001:db8:2::/64)'],
  [["start", "10.99.0.38", ...FULLNAT, "--server-net", "2001:db8::/64"], "--server-net: 2001:db8::/64 is of another family than 10.99.0.38"],
  [["start", "10.99.0.38", "2001:db8::38", ...FULLNAT, "--server-net", "2001:db8::/64"], "--server-net: 2001:db8::/64 is of another family than 10.99.0.38"],
  [["start", "10.99.0.38", "--dev", "eth0", "--server-net", "10.98.0.0/24"], "--server-net: only with --mode fullnat"],
  [["restart", "10.99.0.38"], "10.99.0.38: was not started here: --dev names the device"],
  [["stop"], "stop: a VIP is missing (--all stops every one)"],
  [["stop", "--all", "10.99.0.38"], "--all: not with a VIP (10.99.0.38)"],
  [["stop", "10.99.0.38", "--dev", "eth0"], "--dev: not with stop, but with start, restart, status"],
  [["status", "--dry-run"], "--dry-run: not with status, but with start, stop, restart"],
  [["start", "10.99.0.38", "--dev", "eth0", "--json"], "--json: not with start, but with status"],
  [["start", "10.99.0.38", "--device", "eth0"], "--device: unknown option\nTry `lvs-director --help' for more information."],
];

const NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"];
const START = ["start", "10.99.0.38", "--dev", "eth0", "--mode", "nat"];

export const directorRefusals: Suite = {
  name: "director-refusals",
  run: (lab, report) =>
    lab.within(1, async (machine) => {
      const before = await machine.snapshot();
      const note = (what: string, found: readonly string[]): void => report.note(`director-refusals: ${what}`, found);
      for (const [words, said] of WORDS) note(words.join(" "), problems(await machine.program("lvs-director", words), { status: 2, stderr: `lvs-director: ${said}\n` }));
      note("nothing is changed", await machine.since(before));

      const bin = `${process.cwd()}/bin/lvs-director`;
      const { programs, path } = sharedPrograms();
      const nobody = await machine.shell([`PATH='${path}'`, ...NOBODY, join(programs, "lvs-director"), ...START].join(" "));
      note("no privileges", problems(nobody, { status: 1, stderr: "lvs-director: not permitted: changing the network takes CAP_NET_ADMIN, as root has\n" }));
      const readOnly = await machine.shell(`unshare --mount sh -c 'mount -o remount,ro,bind /proc/sys 2>/dev/null || mount --bind -o ro /proc/sys /proc/sys && mount -o remount,ro,bind /proc/sys; exec ${bin} ${START.join(" ")}'`);
      note("a read-only /proc/sys", problems(readOnly, { status: 1, stderr: "lvs-director: /proc/sys/net/ipv4/conf/all/send_redirects is read-only\n" }));
      const none = await machine.shell(`PATH=/nowhere ${process.execPath} -e 'process.exit(0)'; mkdir -p /tmp/empty; exec ${process.execPath} ${bin} stop --all`);
      note("nothing to stop", problems(none, { stderr: "lvs-director: no VIP was started here: there is nothing to stop\n" }));
      note("nothing is changed then", await machine.since(before));
    }),
};
