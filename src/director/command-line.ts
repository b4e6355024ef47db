/** The words of lvs-director. */
import yargs from "yargs";
import type { IpAddress } from "../rtnetlink/ip";
import { type Network, networkText, parseNetwork } from "../rtnetlink/network";
import { SettingsFailure } from "../settings/failure";
import { linkName } from "../settings/link-name";
import { parseVip } from "../settings/vip";
import { VERSION_NUMBER } from "../version-number";
import { DEFAULT_MODE, type DirectorOptions, MODES } from "./options";

export const COMMANDS = ["start", "stop", "restart", "status"] as const;

export interface CommandLine {
  readonly command: (typeof COMMANDS)[number];
  /** Each once. */
  readonly vips: readonly IpAddress[];
  /** Undefined where none was given. */
  readonly options: DirectorOptions | undefined;
  readonly all: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
  readonly verbose: boolean;
}

const USAGE = `$0 start VIP... --dev DEVICE [--mode nat|dr|tun|fullnat] [--server-net CIDR]
$0 stop VIP...|--all
$0 restart|status [VIP...] [--dev DEVICE [--mode MODE] [--server-net CIDR]]

Makes this machine a director of the Linux Virtual Server: gives it virtual IP
addresses, tells the neighbours, sets the kernel for how packets go on to the
real servers, and takes all of it back again.`;

/** The command line; or text to show, where it asks for help or the version. Throws SettingsFailure with status 2. */
export async function parseCommandLine(words: readonly string[]): Promise<CommandLine | string> {
  let shown = "";
  const parser = yargs()
    .scriptName("lvs-director")
    .usage(USAGE)
    .option("dev", { type: "string", requiresArg: true, describe: "the network device that gets the VIP" })
    .option("mode", { type: "string", requiresArg: true, describe: `how packets go on to the servers: ${MODES.join(", ")} (${DEFAULT_MODE})` })
    .option("server-net", { type: "string", array: true, nargs: 1, requiresArg: true, describe: "with --mode fullnat: the servers' network; may be given again" })
    .option("all", { type: "boolean", describe: "with stop: every VIP that was started" })
    .option("dry-run", { type: "boolean", describe: "change nothing, print the commands that would do the same" })
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
  const { all = false, dryRun = false, json = false, verbose = false } = found;
  const options = optionsOf(one("dev", found.dev), one("mode", found.mode), (found.serverNet ?? []).map(String));
  const line = { command, vips, options, all, dryRun, json, verbose };
  checkUse(line);
  return line;
}

/** What was given once; yargs makes a list of more. */
function one(name: string, value: unknown): string | undefined {
  if (Array.isArray(value)) throw new SettingsFailure(`--${name} is given more than once: ${value.join(", ")}`, 2);
  return value === undefined ? undefined : String(value);
}

function optionsOf(dev: string | undefined, mode: string | undefined, nets: readonly string[]): DirectorOptions | undefined {
  const known = mode === undefined ? DEFAULT_MODE : MODES.find((one) => one === mode);
  if (known === undefined) throw new SettingsFailure(`${JSON.stringify(mode)} is no mode: ${MODES.join(", ")}`, 2);
  const serverNets = [...new Map(nets.map(networkOf).map((network) => [networkText(network), network])).values()];
  if (serverNets.length > 0 && known !== "fullnat") throw new SettingsFailure(`--server-net ${nets[0]} has no meaning without --mode fullnat`, 2);
  if (dev === undefined) {
    if (mode === undefined) return undefined;
    throw new SettingsFailure(`--mode ${mode}: which device? (--dev)`, 2);
  }
  if (!linkName.safeParse(dev).success) throw new SettingsFailure(`${JSON.stringify(dev)} is no name of a network device`, 2);
  if (known === "fullnat" && serverNets.length === 0) throw new SettingsFailure("--mode fullnat: in which network are the servers? (--server-net)", 2);
  return { dev, mode: known, serverNets };
}

function networkOf(text: string): Network {
  const network = parseNetwork(text);
  if (typeof network === "string") throw new SettingsFailure(`--server-net: ${network}`, 2);
  return network;
}

/** Which option goes with which command. */
const GOES_WITH: Readonly<Record<"all" | "dryRun" | "json" | "options", readonly CommandLine["command"][]>> = {
  all: ["stop"],
  dryRun: ["start", "stop", "restart"],
  json: ["status"],
  options: ["start", "restart", "status"],
};
const NAMES = { all: "--all", dryRun: "--dry-run", json: "--json", options: "--dev" } as const;

function checkUse(line: CommandLine): void {
  const { command, vips, all, options } = line;
  for (const option of ["all", "dryRun", "json", "options"] as const) {
    const given = line[option] !== false && line[option] !== undefined;
    if (given && !GOES_WITH[option].includes(command)) throw new SettingsFailure(`${NAMES[option]} has no meaning with ${command}`, 2);
  }
  if (command === "start" && vips.length === 0) throw new SettingsFailure("start: which VIP?", 2);
  if (command === "start" && options === undefined) throw new SettingsFailure("start: which device? (--dev)", 2);
  if (command === "stop" && vips.length === 0 && !all) throw new SettingsFailure("stop: which VIP? (--all stops every one)", 2);
  if (all && vips.length > 0) throw new SettingsFailure(`stop: either --all or ${vips.map(({ address }) => address).join(" ")}`, 2);
  if (options?.mode !== "fullnat") return;
  for (const { family, address } of vips) {
    if (options.serverNets.some((network) => network.family === family)) continue;
    throw new SettingsFailure(`--server-net ${options.serverNets.map(networkText).join(" ")} is of another family than ${address}`, 2);
  }
}
