/**
 * The lab's clusters. Inside the lab:
 *
 *     main.cjs              plays every scenario quietly and sums up; status 0 only if all held
 *     main.cjs tell NAME    tells these aloud
 *     main.cjs shell        a shell on the director of the tutorial's cluster
 *     main.cjs list NAME    which there are, or these (outside, too)
 *
 * LAB_ONLY=TEXT,... plays the scenarios whose names contain a TEXT; LAB_SHARE=N one of N, which the SEED chooses. Without FULL,
 * scenarios that have a short form are played in that.
 */
import { existsSync } from "node:fs";
import { whyNot } from "../lab/kernel";
import { SHARE, share } from "../lab/share";
import { SEED } from "../restore/settings";
import { ALWAYS, SCENARIOS, SHORTEST } from "./scenarios";
import { shell } from "./shell";
import { program, type Scenario, Story } from "./story";
import { summary, type Played } from "./summary";

const { FULL, LAB_COLOR, LAB_KERNEL, LAB_ONLY, NO_COLOR } = process.env;
// The lab's output is a pipe: `run` says whether there is a terminal at its other end.
const COLOURED = LAB_COLOR !== undefined || (process.stdout.isTTY && !NO_COLOR);
const say = (text: string): unknown => process.stdout.write(text);

const list = (scenarios: readonly Scenario[]): number => {
  const width = Math.max(...scenarios.map(({ name }) => name.length));
  for (const { name, title } of scenarios) say(`${name.padEnd(width)}  ${title}\n`);
  return 0;
};

/** Why it cannot be played here. */
const impossible = ({ not }: Scenario): string | undefined => whyNot(not);

const named = (name: string): Scenario => {
  const scenario = SCENARIOS.find((one) => one.name === name);
  if (scenario === undefined) throw new Error(`lab: no scenario is called '${name}'; npm run lab lists them`);
  return scenario;
};

const tell = async (names: readonly string[]): Promise<number> => {
  const story = new Story(COLOURED, say);
  try {
    for (const scenario of names.map(named)) {
      story.title(scenario.title);
      const reason = impossible(scenario);
      if (reason === undefined) await scenario.play(story);
      else story.explain(`Not on ${LAB_KERNEL}: ${reason}`);
    }
    story.end();
    story.done();
    return 0;
  } catch (error) {
    story.gaveUp(error);
    return 1;
  }
};

const play = async (scenario: Scenario): Promise<Played> => {
  const { name } = scenario;
  const reason = impossible(scenario);
  if (reason !== undefined) return { name, reason };
  let told = "";
  const story = new Story(COLOURED, (text) => (told += text));
  let problem: string | undefined;
  try {
    await (FULL || typeof scenario.short !== "function" ? scenario.play(story) : scenario.short(story));
    story.end();
    if (story.findings.length === 0) throw new Error("it asserts nothing");
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error);
    story.gaveUp(error);
    say(told);
  }
  const { findings, leftOut, sent, failed, seconds } = story;
  return { name, findings, leftOut, sent, failed, seconds, ...(problem === undefined ? {} : { problem }) };
};

const chosen = (): readonly Scenario[] =>
  SCENARIOS.filter(
    (scenario) =>
      (LAB_ONLY === undefined ? FULL || scenario.short !== "nothing" : LAB_ONLY.split(",").some((text) => scenario.name.includes(text))) &&
      inShare(scenario),
  );

/** Where time is short: one scenario of so many, and from 16 on what differs most between kernels. */
const inShare = (scenario: Scenario): boolean =>
  SHARE < 16 ? share(SCENARIOS).includes(scenario) || ALWAYS.includes(scenario) : SHORTEST.includes(scenario);

const test = async (): Promise<number> => {
  const scenarios = chosen();
  if (scenarios.length === 0) throw new Error(`no scenario's name contains ${LAB_ONLY}`);
  if (SHARE > 1) say(`clusters: SEED=${SEED}\n`);
  const played: Played[] = [];
  for (const scenario of scenarios) {
    const one = await play(scenario);
    played.push(one);
    say(`${summary.line(one)}\n`);
  }
  say(`\n${summary.table(played)}\n`);
  return played.every((one) => !("problem" in one)) ? 0 : 1;
};

const main = async ([verb, ...names]: readonly string[]): Promise<number> => {
  if (verb === "list") return list(names.length === 0 ? SCENARIOS : names.map(named));
  if (LAB_KERNEL === undefined) throw new Error("this runs inside the lab: npm run lab");
  const [ipvsadm] = program(["ipvsadm"]);
  if (!existsSync(ipvsadm)) throw new Error(`there is no ${ipvsadm}: npm run build makes bin/ipvsadm`);
  if (verb === "shell") return shell(COLOURED);
  if (verb === "tell") return tell(names);
  if (verb === undefined) return test();
  throw new Error(`${verb} is none of list, tell, shell`);
};

main(process.argv.slice(2)).then(
  (status) => (process.exitCode = status),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  },
);
