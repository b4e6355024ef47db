import { randomCase, randomFrom } from "../random";
import { shareOf } from "../../lab/share";
import { SEED } from "../../restore/settings";
import { compare } from "./groups";
import { show, type Suite } from "./suite";

/** Random command lines, one after the other over one growing table. SEED and STEPS choose others. */
export const random: Suite = {
  name: "random command lines",
  run: async (rig, report) => {
    const steps = shareOf(Number(process.env["STEPS"] ?? 400));
    console.log(`random command lines: SEED=${SEED} STEPS=${steps}`);
    const next = randomFrom(SEED);
    await rig.prepare("");
    for (let step = 1; step <= steps; step++) {
      const one = randomCase(next);
      report.note(`SEED=${SEED} step ${step}: ${show(one.words)}`, await compare(rig, one, report));
      if (step % 100 === 0) await rig.prepare("");
    }
  },
};
