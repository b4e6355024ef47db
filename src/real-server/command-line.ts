/** The words of lvs-realserver. */
import type { ProgramSyntax } from "../cli/options";
import { SettingsFailure } from "../settings/failure";
import { parsePort } from "../settings/ports";
import { checkUse, type CommonLine, one, parseWords } from "../settings/words";
import { GUE_PORT, OUTERS, type RealServerOptions, TUNNELS } from "./options";

export interface CommandLine extends CommonLine {
  /** Undefined where none was given. */
  readonly options: RealServerOptions | undefined;
  readonly persist: boolean;
}

const SYNTAX: ProgramSyntax = {
  program: "lvs-realserver",
  usage: [
    "start VIP... [--tunnel ipip|gre|gue [--port N] [--outer IP]] [--persist]",
    "stop VIP...|--all [--persist]",
    "restart|status [VIP...] [--tunnel ipip|gre|gue [--port N] [--outer IP]]",
    "watch [VIP...] [--interval SECONDS]",
  ],
  description:
    "Makes this machine a real server of the Linux Virtual Server: gives it virtual\nIP addresses without telling the neighbours, and takes them away again.",
  options: {
    tunnel: { value: "TYPE", describe: "packets come wrapped: ipip, gre or gue (otherwise by direct routing)" },
    port: { value: "N", describe: `with --tunnel gue: the UDP port (${GUE_PORT})` },
    outer: { value: "IP", describe: "with --tunnel: packets come wrapped in ipv4 or ipv6 (as the VIP is)" },
    persist: { describe: "with start and stop: also for the next boot" },
  },
  examples: [
    ["lvs-realserver start 192.168.0.38", "a real server by direct routing"],
    ["lvs-realserver start 192.168.0.38 --tunnel ipip --dry-run", "what it takes for a tunnel"],
    ["lvs-realserver status", "what was started, and what is wrong"],
  ],
};

/** The command line; or text to show, where it asks for help or the version. Throws SettingsFailure with status 2. */
export async function parseCommandLine(words: readonly string[]): Promise<CommandLine | string> {
  const parsed = await parseWords(words, SYNTAX);
  if (typeof parsed === "string") return parsed;
  const { line, given } = parsed;
  const options = optionsOf(one("tunnel", given["tunnel"]), one("port", given["port"]), one("outer", given["outer"]));
  const persist = given["persist"] === true;
  checkUse(line, [
    ["--persist", persist, ["start", "stop"]],
    ["--tunnel", options !== undefined, ["start", "restart", "status"]],
  ]);
  return { ...line, options, persist };
}

function optionsOf(tunnel: string | undefined, port: string | undefined, outer: string | undefined): RealServerOptions | undefined {
  if (tunnel === undefined) {
    if (port !== undefined) throw new SettingsFailure("--port: only with --tunnel gue", 2);
    if (outer !== undefined) throw new SettingsFailure("--outer: only with --tunnel", 2);
    return undefined;
  }
  const known = TUNNELS.find((one) => one === tunnel);
  if (known === undefined) throw new SettingsFailure(`--tunnel: ${JSON.stringify(tunnel)} is not a type of tunnel (${TUNNELS.join(", ")})`, 2);
  if (port !== undefined && known !== "gue") throw new SettingsFailure(`--port: not with --tunnel ${known}, but with --tunnel gue`, 2);
  const family = OUTERS.find((one) => one === outer);
  if (outer !== undefined && family === undefined) throw new SettingsFailure(`--outer: ${JSON.stringify(outer)} is neither ${OUTERS.join(" nor ")}`, 2);
  return { ...(family === undefined ? {} : { outer: family }), tunnel: known, port: port === undefined ? GUE_PORT : parsePort("--port", port) };
}
