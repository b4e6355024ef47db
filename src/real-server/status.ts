import { Chalk } from "chalk";
import type { Finding } from "../settings/engine";
import type { RealServerOptions } from "./options";

/** active: all is as it should be; wrong: the VIP is there, and something is not; inactive: the VIP is not there. */
export type State = "active" | "wrong" | "inactive";

export interface VipStatus {
  readonly vip: string;
  readonly options: RealServerOptions;
  readonly state: State;
  readonly settings: readonly Finding[];
}

export function stateOf(settings: readonly Finding[]): State {
  if (settings.every(({ holds }) => holds)) return "active";
  return settings.some(({ kind, holds }) => kind === "address" && holds) ? "wrong" : "inactive";
}

/** The exit statuses: LSB's 0 and 3, and 1 where something is there but not as it should be. */
export function statusCode(states: readonly State[]): number {
  if (states.every((state) => state === "inactive")) return 3;
  return states.every((state) => state === "active") ? 0 : 1;
}

export const forwarding = ({ tunnel, port }: RealServerOptions): string =>
  tunnel === undefined ? "direct routing" : `tunnel ${tunnel}${tunnel === "gue" ? `, port ${port}` : ""}`;

const TEXT: Readonly<Record<State, string>> = { active: "active", wrong: "active, but wrong", inactive: "not active" };

export function statusText(vips: readonly VipStatus[], coloured: boolean): string {
  const { bold, green, red, yellow, dim } = new Chalk({ level: coloured ? 1 : 0 });
  const paint = { active: green, wrong: red, inactive: yellow };
  if (vips.length === 0) return "no VIP was started here\n";
  return vips
    .map(({ vip, options, state, settings }) => {
      const width = Math.max(...settings.map(({ subject }) => subject.length));
      const lines = settings.map(({ subject, wanted, found, holds }) =>
        holds ? `  ${green("ok")}     ${subject.padEnd(width)}  ${dim(found)}` : `  ${red("WRONG")}  ${subject.padEnd(width)}  ${found}, should be ${wanted}`,
      );
      return `${bold(vip)} (${forwarding(options)}): ${paint[state](TEXT[state])}\n${lines.join("\n")}\n`;
    })
    .join("\n");
}

export const statusJson = (vips: readonly VipStatus[]): string =>
  `${JSON.stringify(
    vips.map(({ vip, options: { tunnel, port }, state, settings }) => ({
      vip,
      state,
      tunnel: tunnel ?? null,
      port: tunnel === "gue" ? port : null,
      settings: settings.map(({ kind, subject, wanted, found, holds }) => ({ kind, subject, wanted, found, holds })),
    })),
    undefined,
    2,
  )}\n`;
