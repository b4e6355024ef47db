import type { RealServerOptions } from "./options";

/** How a VIP was started, in words. */
export const forwarding = ({ tunnel, port, outer }: RealServerOptions): string =>
  tunnel === undefined ? "direct routing" : `tunnel ${tunnel}${tunnel === "gue" ? `, port ${port}` : ""}${outer === undefined ? "" : `, in ${outer}`}`;

/** The same as JSON. */
export const optionsJson = ({ tunnel, port, outer }: RealServerOptions): object => ({
  tunnel: tunnel ?? null,
  port: tunnel === "gue" ? port : null,
  outer: outer ?? null,
});
