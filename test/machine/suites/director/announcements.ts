/** A VIP that another machine had is announced: a neighbour's stale entry is brought up to date. */
import { setTimeout as pause } from "node:timers/promises";
import { type Namespace, problems, type Suite } from "../../lab";

const OLD = "02:00:5e:00:53:01";
const VIP4 = "10.99.1.38";
const VIP6 = "2001:db8:1::38";
const VIPS = [VIP4, VIP6];
/** More than a neighbour's entry stays as it is after a change (locktime). */
const SETTLED = 1500;
/** How long an entry may take to come right, in milliseconds, before it is given up. */
const PATIENCE = 120_000;

export const directorAnnouncements: Suite = {
  name: "director-announcements",
  run: (lab, report) =>
    lab.within(2, async (machine, neighbour) => {
      const note = (what: string, found: readonly string[]): void => report.note(`director-announcements: ${what}`, found);
      const director = (...words: string[]) => machine.program("lvs-director", words);
      await machine.must(`ip link add wan type veth peer name lan netns ${neighbour.name}`);
      await machine.must("ip address add 10.99.1.8/24 dev wan && ip address add 2001:db8:1::8/64 dev wan nodad && ip link set wan addrgenmode none up");
      await neighbour.must("ip address add 10.99.1.100/24 dev lan && ip address add 2001:db8:1::100/64 dev lan nodad && ip link set lan addrgenmode none up");
      const mac = /link\/ether ([0-9a-f:]+)/.exec(await machine.must("ip link show wan"))?.[1] ?? "";
      const before = await machine.snapshot();

      const stale = async (): Promise<void> => {
        for (const vip of VIPS) await neighbour.must(`ip neigh replace ${vip} lladdr ${OLD} dev lan nud stale`);
        await pause(SETTLED);
      };
      await stale();
      note("starts", problems(await director("start", ...VIPS, "--dev", "wan")));
      for (const vip of VIPS) note(`${vip}: the neighbour knows`, await knows(neighbour, vip, mac));
      const links = await machine.must("ip -o neigh show dev wan");
      note("nothing is left behind", links.split("\n").filter((line) => line.includes(VIP4)));
      await stale();
      note("starts again", problems(await director("start", ...VIPS, "--dev", "wan")));
      note(`${VIP4}: is announced again`, await knows(neighbour, VIP4, mac));
      await machine.must("ip link set wan down");
      // The neighbour's link lost its carrier, and it forgot what it knew.
      await stale();
      const down = await director("start", VIP4, "--dev", "wan");
      note("a device that is down: a warning", problems(down, { stderr: `lvs-director: wan is down: ${VIP4} will be announced when it comes up\n` }));
      await machine.must("ip link set wan up && ip address replace 2001:db8:1::8/64 dev wan nodad");
      note(`${VIP4}: and it is announced then`, await knows(neighbour, VIP4, mac));
      note("stops", problems(await director("stop", "--all")));

      await neighbour.must(`ip address add ${VIP6}/128 dev lan nodad`);
      const taken = await director("start", VIP6, "--dev", "wan");
      note("an IPv6 VIP that another machine has", problems(taken, { status: 1, stderr: `lvs-director: ${VIP6}: another machine around wan has it\n` }));
      note("and nothing is changed", await machine.since(before));
    }),
};

/** The neighbour's entry has our hardware address, within a while. */
async function knows(neighbour: Namespace, vip: string, mac: string): Promise<string[]> {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    const entry = await neighbour.must(`ip neigh show ${vip} dev lan`);
    if (entry.includes(mac)) return [];
    if (Date.now() > deadline) return [`${mac} expected: ${entry}`];
    await pause(100);
  }
}
