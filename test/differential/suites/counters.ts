/** Counters with traffic behind them: datagrams to a one-packet service, until they are shown in K and M. */
import { createSocket } from "node:dgram";
import { rules } from "../cases/case";
import { differences, show, type Suite } from "./suite";

const SIZE = 60_000;
const RULES = rules("-A -u 10.99.0.1:9000 -s rr -o", "-a -u 10.99.0.1:9000 -r 10.99.0.2:9000 -m", "-a -u 10.99.0.1:9000 -r 10.99.0.3:9000 -m");
const VIEWS = [["--stats"], ["--stats", "--exact"], ["--rate"], ["--persistent-conn"], ["--thresholds"], []];
/** Bytes counted before each round of views: some, over 100 MB (shown in K), over 1 GB (in M). */
const ROUNDS = [1, 110_000_000, 1_010_000_000];
/** Datagrams sent between two looks at the counter; some are lost where a queue is full. */
const AT_ONCE = 500;
const MOST_DATAGRAMS = 100_000;
/** Rates change by themselves every two seconds: equal in one of many readings is equal. */
const READINGS = 60;

export const counters: Suite = {
  name: "counters",
  run: async (rig, report) => {
    await rig.prepare(RULES);
    for (const bytes of ROUNDS) {
      await sendUntilCounted(bytes, async () => (await rig.subject(["-L", "-n", "--stats", "--exact"])).stdout);
      for (const view of VIEWS) {
        const words = ["-L", "-n", ...view];
        let problems: string[] = ["not read"];
        for (let reading = 0; reading < READINGS && problems.length > 0; reading++) {
          problems = differences(await rig.beside.run(words), await rig.subject(words));
        }
        report.note(`counters after ${bytes} bytes: ${show(words)}`, problems);
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

/** Sends datagrams until the service has counted so many bytes. */
async function sendUntilCounted(bytes: number, stats: () => Promise<string>): Promise<void> {
  const socket = createSocket("udp4");
  const datagram = Buffer.alloc(SIZE);
  for (let sent = 0; sent < MOST_DATAGRAMS; sent += AT_ONCE) {
    const some = Math.min(AT_ONCE, Math.ceil(bytes / SIZE));
    for (let one = 0; one < some; one++) await new Promise((resolve) => socket.send(datagram, 9000, "10.99.0.1", resolve));
    const counted = /^UDP +\S+ +[0-9]+ +[0-9]+ +[0-9]+ +([0-9]+)/m.exec(await stats())?.[1];
    if (Number(counted) >= bytes) break;
  }
  socket.close();
}
