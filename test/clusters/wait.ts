import { setTimeout as pause } from "node:timers/promises";

/** Seconds until something that should happen by itself is given up: much more than it takes, as machines may be busy. */
const PATIENCE = 600;

/** Returns once the condition holds; throws when it does not in time. */
export const until = async (what: string, condition: () => Promise<boolean>, patience = PATIENCE): Promise<void> => {
  const deadline = Date.now() + patience * 1000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not ${what} within ${patience} s`);
    await pause(100);
  }
};
