import type { RealServerOptions } from "./options";

/** How a VIP was started, in words. */
export const forwarding = ({ tunnel, port }: RealServerOptions): string =>
  tunnel === undefined ? "direct routing" : `tunnel ${tunnel}${tunnel === "gue" ? `, port ${port}` : ""}`;

/** The same as JSON. */
export const optionsJson = ({ tunnel, port }: RealServerOptions): object => ({ tunnel: tunnel ?? null, port: tunnel === "gue" ? port : null });
