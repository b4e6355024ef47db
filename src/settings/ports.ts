import { SettingsFailure } from "./failure";

/** The port that an option was given: a decimal number. Throws SettingsFailure with status 2. */
export function parsePort(option: string, text: string): number {
  const port = /^[1-9][0-9]{0,4}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 0xffff) throw new SettingsFailure(`${option}: ${JSON.stringify(text)} is not a port (1 to 65535)`, 2);
  return port;
}
