/** Inside the lab: plays the scenarios named on the command line, or the tutorial's. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { type Scenario, Story } from "./scenario";
import { directRouting } from "./scenarios/direct-routing";

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  "direct-routing": directRouting,
};

const main = async (names: readonly string[]): Promise<number> => {
  const { IPVSADM, LAB_COLOR, LAB_KERNEL, NO_COLOR } = process.env;
  // Bundled, this file is build/lab/demo.cjs.
  const ipvsadm = resolve(IPVSADM || `${__dirname}/../../bin/ipvsadm`);
  // The lab's output is a pipe: `run` says whether there is a terminal at its other end.
  const coloured = LAB_COLOR !== undefined || (process.stdout.isTTY && !NO_COLOR);
  const story = new Story(ipvsadm, coloured, (text) => process.stdout.write(text));
  try {
    if (LAB_KERNEL === undefined) throw new Error(`this runs inside the lab: test/lab/run test/lab/demo`);
    if (!existsSync(ipvsadm)) throw new Error(`there is no ${ipvsadm}: npm run build makes bin/ipvsadm, IPVSADM names another`);
    for (const name of names) {
      const scenario = SCENARIOS[name];
      if (scenario === undefined) throw new Error(`no scenario is called ${name}: ${Object.keys(SCENARIOS).join(", ")}`);
      story.title(scenario.title);
      await scenario.play(story);
    }
    story.done();
    return 0;
  } catch (error) {
    story.failed(error);
    return 1;
  }
};

const names = process.argv.slice(2);
void main(names.length > 0 ? names : ["direct-routing"]).then((status) => (process.exitCode = status));
