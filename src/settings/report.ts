import { Chalk } from "chalk";
import type { Finding } from "./engine";

/** active: all is as it should be; wrong: the VIP is there, and something is not; inactive: the VIP is not there. */
export type State = "active" | "wrong" | "inactive";

/** One VIP as the kernel has it. */
export interface VipReport {
  readonly vip: string;
  /** How it was started, in words. */
  readonly how: string;
  readonly state: State;
  readonly settings: readonly Finding[];
}

export function stateOf(settings: readonly Finding[]): State {
  if (settings.length > 0 && settings.every(({ holds }) => holds)) return "active";
  return settings.some(({ kind, holds }) => kind === "address" && holds) ? "wrong" : "inactive";
}

/** The exit statuses: LSB's 0 and 3, and 1 where something is there but not as it should be. */
export function statusCode(states: readonly State[]): number {
  if (states.every((state) => state === "inactive")) return 3;
  return states.every((state) => state === "active") ? 0 : 1;
}

const TEXT: Readonly<Record<State, string>> = { active: "active", wrong: "active, but wrong", inactive: "not active" };

export function statusText(vips: readonly VipReport[], coloured: boolean): string {
  const { bold, green, red, yellow, dim } = new Chalk({ level: coloured ? 1 : 0 });
  const paint = { active: green, wrong: red, inactive: yellow };
  if (vips.length === 0) return "no VIP was started here\n";
  return vips
    .map(({ vip, how, state, settings }) => {
      const width = Math.max(0, ...settings.map(({ subject }) => subject.length));
      const lines = settings.map(({ subject, wanted, found, holds, mend }) =>
        holds
          ? `  ${green("ok")}     ${subject.padEnd(width)}  ${dim(found)}\n`
          : `  ${red("WRONG")}  ${subject.padEnd(width)}  ${found}, should be ${wanted}${mend === undefined ? "" : `: ${mend}`}\n`,
      );
      return `${bold(vip)} (${how}): ${paint[state](TEXT[state])}\n${lines.join("")}`;
    })
    .join("\n");
}

/** `options` are those of the program, as JSON. */
export const statusJson = (vips: readonly (VipReport & { readonly options: object })[]): string =>
  `${JSON.stringify(
    vips.map(({ vip, options, state, settings }) => ({
      vip,
      state,
      ...options,
      settings: settings.map(({ kind, subject, wanted, found, holds, mend }) => ({ kind, subject, wanted, found, holds, mend })),
    })),
    undefined,
    2,
  )}\n`;
