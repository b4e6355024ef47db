/** The words of lvs-realserver. */
import yargs from "yargs";
import type { IpAddress } from "../rtnetlink/ip";
import { SettingsFailure } from "../settings/failure";
import { parsePort } from "../settings/ports";
import { parseVip } from "../settings/vip";
import { VERSION_NUMBER } from "../version-number";
import { GUE_PORT, type RealServerOptions, TUNNELS } from "./options";

export const COMMANDS = ["start", "stop", "restart", "status"] as const;

export interface CommandLine {
  readonly command: (typeof COMMANDS)[number];
  /** Each once. */
  readonly vips: readonly IpAddress[];
  /** Undefined where none was given. */
  readonly options: RealServerOptions | undefined;
  readonly all: boolean;
  readonly dryRun: boolean;
  readonly persist: boolean;
  readonly json: boolean;
  readonly verbose: boolean;
}

const USAGE = `$0 start VIP... [--tunnel ipip|gre|gue [--port N]] [--persist]
$0 stop VIP...|--all [--persist]
$0 restart|status [VIP...] [--tunnel ipip|gre|gue [--port N]]

Makes this machine a real server of the Linux Virtual Server: gives it virtual
IP addresses without telling the neighbours, and takes them away again.`;

/** The command line; or text to show, where it asks for help or the version. Throws SettingsFailure with status 2. */
export async function parseCommandLine(words: readonly string[]): Promise<CommandLine | string> {
  let shown = "";
  const parser = yargs()
    .scriptName("lvs-realserver")
    .usage(USAGE)
    .option("tunnel", { type: "string", requiresArg: true, describe: "packets come wrapped: ipip, gre or gue (otherwise by direct routing)" })
    .option("port", { type: "string", requiresArg: true, describe: `with --tunnel gue: the UDP port (${GUE_PORT})` })
    .option("all", { type: "boolean", describe: "with stop: every VIP that was started" })
    .option("dry-run", { type: "boolean", describe: "change nothing, print the commands that would do the same" })
    .option("persist", { type: "boolean", describe: "with start and stop: also for the next boot" })
    .option("json", { type: "boolean", describe: "with status: as JSON" })
    .option("verbose", { alias: "v", type: "boolean", describe: "print what was done, as commands" })
    .string("_")
    .strictOptions()
    .version(VERSION_NUMBER)
    .help()
    .alias("help", "h")
    .exitProcess(false)
    .fail((message, error) => {
      if (error instanceof SettingsFailure) throw error;
      const [line = ""] = (message || error?.message || "").split("\n", 1);
      throw new SettingsFailure(line, 2);
    });
  const found = await parser.parse([...words], {}, (_error, _argv, output) => {
    shown = output;
  });
  if (shown !== "") return `${shown}\n`;
  const [word, ...rest] = found._.map(String);
  const command = COMMANDS.find((one) => one === word);
  if (command === undefined) throw new SettingsFailure(word === undefined ? `a command is missing: ${COMMANDS.join(", ")}` : `${JSON.stringify(word)} is no command: ${COMMANDS.join(", ")}`, 2);
  const vips = [...new Map(rest.map(parseVip).map((vip) => [vip.address, vip])).values()];
  const { all = false, dryRun = false, persist = false, json = false, verbose = false } = found;
  const line = { command, vips, options: optionsOf(one("tunnel", found.tunnel), one("port", found.port)), all, dryRun, persist, json, verbose };
  checkUse(line);
  return line;
}

/** What was given once; yargs makes a list of more. */
function one(name: string, value: unknown): string | undefined {
  if (Array.isArray(value)) throw new SettingsFailure(`--${name} is given more than once: ${value.join(", ")}`, 2);
  return value === undefined ? undefined : String(value);
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

/** Which option goes with which command. */
const GOES_WITH: Readonly<Record<"all" | "dryRun" | "persist" | "json" | "options", readonly CommandLine["command"][]>> = {
  all: ["stop"],
  dryRun: ["start", "stop", "restart"],
  persist: ["start", "stop"],
  json: ["status"],
  options: ["start", "restart", "status"],
};
const NAMES = { all: "--all", dryRun: "--dry-run", persist: "--persist", json: "--json", options: "--tunnel" } as const;

function checkUse(line: CommandLine): void {
  const { command, vips, all } = line;
  for (const option of ["all", "dryRun", "persist", "json", "options"] as const) {
    const given = line[option] !== false && line[option] !== undefined;
    if (given && !GOES_WITH[option].includes(command)) throw new SettingsFailure(`${NAMES[option]} has no meaning with ${command}`, 2);
  }
  if (command === "start" && vips.length === 0) throw new SettingsFailure("start: which VIP?", 2);
  if (command === "stop" && vips.length === 0 && !all) throw new SettingsFailure("stop: which VIP? (--all stops every one)", 2);
  if (all && vips.length > 0) throw new SettingsFailure(`stop: either --all or ${vips.map(({ address }) => address).join(" ")}`, 2);
}
