/** The words of lvs-realserver. */
import { SettingsFailure } from "../settings/failure";
import { parsePort } from "../settings/ports";
import { checkUse, type CommonLine, one, parseWords, type Syntax } from "../settings/words";
import { GUE_PORT, type RealServerOptions, TUNNELS } from "./options";

export interface CommandLine extends CommonLine {
  /** Undefined where none was given. */
  readonly options: RealServerOptions | undefined;
  readonly persist: boolean;
}

const USAGE = `$0 start VIP... [--tunnel ipip|gre|gue [--port N]] [--persist]
$0 stop VIP...|--all [--persist]
$0 restart|status [VIP...] [--tunnel ipip|gre|gue [--port N]]
$0 watch [VIP...] [--interval SECONDS]

Makes this machine a real server of the Linux Virtual Server: gives it virtual
IP addresses without telling the neighbours, and takes them away again.`;

const SYNTAX: Syntax = {
  program: "lvs-realserver",
  usage: USAGE,
  options: {
    tunnel: { type: "string", requiresArg: true, describe: "packets come wrapped: ipip, gre or gue (otherwise by direct routing)" },
    port: { type: "string", requiresArg: true, describe: `with --tunnel gue: the UDP port (${GUE_PORT})` },
    persist: { type: "boolean", describe: "with start and stop: also for the next boot" },
  },
};

/** The command line; or text to show, where it asks for help or the version. Throws SettingsFailure with status 2. */
export async function parseCommandLine(words: readonly string[]): Promise<CommandLine | string> {
  const parsed = await parseWords(words, SYNTAX);
  if (typeof parsed === "string") return parsed;
  const { line, given } = parsed;
  const options = optionsOf(one("tunnel", given["tunnel"]), one("port", given["port"]));
  const persist = given["persist"] === true;
  checkUse(line, [
    ["--persist", persist, ["start", "stop"]],
    ["--tunnel", options !== undefined, ["start", "restart", "status"]],
  ]);
  return { ...line, options, persist };
}

function optionsOf(tunnel: string | undefined, port: string | undefined): RealServerOptions | undefined {
  if (tunnel === undefined) {
    if (port !== undefined) throw new SettingsFailure(`--port ${port} has no meaning without --tunnel gue`, 2);
    return undefined;
  }
  const known = TUNNELS.find((one) => one === tunnel);
  if (known === undefined) throw new SettingsFailure(`${JSON.stringify(tunnel)} is no tunnel: ${TUNNELS.join(", ")}`, 2);
  if (port !== undefined && known !== "gue") throw new SettingsFailure(`--port ${port} has no meaning with --tunnel ${known}: only gue has a port`, 2);
  return { tunnel: known, port: port === undefined ? GUE_PORT : parsePort(port) };
}
