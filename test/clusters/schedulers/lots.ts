/** What can be foretold of a scheduler that draws lots. */
import { times } from "./addresses";
import { type ServerSettings, VirtualService } from "./service";
import { predict, type Traffic } from "./traffic";
import { PowerOfTwoChoices } from "./two-choices";

const RUNS = 500;
/** How many standard deviations a count may be off: a test that fails by chance fails once in five hundred million. */
const DEVIATIONS = 6;

/** Numbers from 0 up to 1 that are the same at each run, by Lehmer's generator. */
export const lehmer = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state * 48_271) % 0x7fffffff;
    return state / 0x7fffffff;
  };
};

export interface Foretold {
  readonly name: string;
  /** How many connections it gets on average. */
  readonly mean: number;
  /** How far from that it may be. */
  readonly margin: number;
}

/** For each server, how often it is chosen, from many runs of the model. */
export const foretellLots = (servers: readonly ServerSettings[], traffic: Traffic): readonly Foretold[] => {
  const random = lehmer(20_240_001);
  const runs = times(RUNS, () => predict(VirtualService.of(new PowerOfTwoChoices(random), servers), traffic));
  return servers.map(({ name }) => {
    const counts = runs.map((answers) => answers.filter((answer) => answer === name).length);
    const average = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / RUNS;
    const mean = average(counts);
    return { name, mean, margin: DEVIATIONS * Math.sqrt(average(counts.map((count) => (count - mean) ** 2))) };
  });
};
