/** Counters with traffic behind them: datagrams to a one-packet service, until they are shown in K and M. */
import { createSocket } from "node:dgram";
import { rules } from "../cases/case";
import { differences, show, type Suite } from "./suite";

const SIZE = 60_000;
const RULES = rules("-A -u 10.99.0.1:9000 -s rr -o", "-a -u 10.99.0.1:9000 -r 10.99.0.2:9000 -m", "-a -u 10.99.0.1:9000 -r 10.99.0.3:9000 -m");
const VIEWS = [["--stats"], ["--stats", "--exact"], ["--rate"], ["--persistent-conn"], ["--thresholds"], []];
/** Datagrams sent before each round of views: in all, some bytes, over 100 MB (K), over 1 GB (M). */
const ROUNDS = [3, 3_000, 28_000];
/** Rates change by themselves every two seconds: equal in one of a few readings is equal. */
const READINGS = 4;

export const counters: Suite = {
  name: "counters",
  run: async (rig, report) => {
    await rig.prepare(RULES);
    for (const count of ROUNDS) {
      await sendDatagrams(count);
      for (const view of VIEWS) {
        const words = ["-L", "-n", ...view];
        let problems: string[] = ["not read"];
        for (let reading = 0; reading < READINGS && problems.length > 0; reading++) {
          problems = differences(await rig.beside.run(words), await rig.subject(words));
        }
        report.note(`counters after ${count} more datagrams: ${show(words)}`, problems);
      }
    }
    const { stdout } = await rig.subject(["-L", "-n", "--stats"]);
    report.note("counters were large enough", /[0-9]M\b/.test(stdout) ? [] : [`nothing in M: ${stdout}`]);
    const zeroed = await rig.subject(["-Z"]);
    report.note("-Z after traffic", [
      ...differences({ stdout: "", stderr: "", status: 0 }, zeroed),
      ...differences(await rig.beside.run(["-L", "-n", "--stats"]), await rig.subject(["-L", "-n", "--stats"])),
    ]);
  },
};

async function sendDatagrams(count: number): Promise<void> {
  const socket = createSocket("udp4");
  const datagram = Buffer.alloc(SIZE);
  for (let sent = 0; sent < count; sent++) {
    await new Promise((resolve) => socket.send(datagram, 9000, "10.99.0.1", resolve));
  }
  socket.close();
}
