/** lvs-director is killed at random moments: run again, it comes to the same end. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { randomFrom } from "../../../differential/random";
import { WANTS_FIREWALL } from "../../../lab/kernel";
import { FULL, SEED } from "../../../restore/settings";
import { type Namespace, orNeverStarted, problems, type Suite } from "../../lab";
import { PRIOR } from "./originals";
import { rules } from "./rules";

const KILLS = FULL ? 20 : 4;
const START = ["start", "10.99.0.38", "--dev", "eth0", "--mode", "fullnat", "--server-net", "10.98.0.0/24"];
const STOP = ["stop", "10.99.0.38"];

export const directorKills: Suite = {
  name: "director-kills",
  not: WANTS_FIREWALL,
  run: (lab, report) =>
    lab.within(1, async (machine) => {
      const note = (what: string, found: readonly string[]): void => report.note(`director-kills: ${what}`, found);
      const number = randomFrom(SEED);
      await machine.must(PRIOR);
      const before = await machine.snapshot();
      const director = (words: readonly string[]) => machine.program("lvs-director", words);
      const whole = await killed(machine, START, undefined);
      const started = await machine.snapshot();
      await director(STOP);
      for (let kill = 1; kill <= KILLS; kill++) {
        const moment = Math.floor(number() * whole);
        const words = kill % 2 === 0 ? STOP : START;
        if (words === STOP) await director(START);
        await killed(machine, words, moment);
        const what = `${words[0]} killed after ${moment} of ${whole} ms`;
        if (kill % 3 !== 0) {
          note(`${what}: starts`, problems(await director(START)));
          note(`${what}: is as started`, await machine.since(started));
          note(`${what}: is active`, (await director(["status"])).status === 0 ? [] : [JSON.stringify(await director(["status"]))]);
        }
        note(`${what}: stops`, problems(orNeverStarted(await director(STOP))));
        note(`${what}: is as before`, [...(await machine.since(before)), ...(await rules(machine))]);
      }
    }),
};

/** Ends the program after so many milliseconds; returns how many it lived. */
function killed(machine: Namespace, words: readonly string[], moment: number | undefined): Promise<number> {
  const [program = "", ...rest] = machine.words(join(process.cwd(), "bin/lvs-director"), ...words);
  const begin = Date.now();
  return new Promise((resolve, reject) => {
    // nsenter becomes the program: what is killed is the program itself.
    const child = spawn(program, rest, { stdio: "ignore" });
    const timer = moment === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), moment);
    child.once("error", reject);
    child.once("exit", () => {
      clearTimeout(timer);
      resolve(Date.now() - begin);
    });
  });
}
