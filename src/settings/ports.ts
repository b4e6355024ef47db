import { SettingsFailure } from "./failure";

/** A port as typed: a decimal number. Throws SettingsFailure with status 2. */
export function parsePort(text: string): number {
  const port = /^[1-9][0-9]{0,4}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 0xffff) throw new SettingsFailure(`${JSON.stringify(text)} is no port: 1 to 65535`, 2);
  return port;
}
