/** The words of lvs-director. */
import { type Network, networkText, parseNetwork } from "../rtnetlink/network";
import { SettingsFailure } from "../settings/failure";
import { linkName } from "../settings/link-name";
import { checkUse, type CommonLine, one, parseWords, type Syntax } from "../settings/words";
import { DEFAULT_MODE, type DirectorOptions, MODES } from "./options";

export interface CommandLine extends CommonLine {
  /** Undefined where none was given. */
  readonly options: DirectorOptions | undefined;
}

const USAGE = `$0 start VIP... --dev DEVICE [--mode nat|dr|tun|fullnat] [--server-net CIDR]
$0 stop VIP...|--all
$0 restart|status [VIP...] [--dev DEVICE [--mode MODE] [--server-net CIDR]]
$0 watch [VIP...] [--interval SECONDS]

Makes this machine a director of the Linux Virtual Server: gives it virtual IP
addresses, tells the neighbours, sets the kernel for how packets go on to the
real servers, and takes all of it back again.`;

const SYNTAX: Syntax = {
  program: "lvs-director",
  usage: USAGE,
  options: {
    dev: { type: "string", requiresArg: true, describe: "the network device that gets the VIP" },
    mode: { type: "string", requiresArg: true, describe: `how packets go on to the servers: ${MODES.join(", ")} (${DEFAULT_MODE})` },
    "server-net": { type: "string", array: true, nargs: 1, requiresArg: true, describe: "with --mode fullnat: the servers' network; may be given again" },
  },
};

/** The command line; or text to show, where it asks for help or the version. Throws SettingsFailure with status 2. */
export async function parseCommandLine(words: readonly string[]): Promise<CommandLine | string> {
  const parsed = await parseWords(words, SYNTAX);
  if (typeof parsed === "string") return parsed;
  const { line, given } = parsed;
  const options = optionsOf(one("dev", given["dev"]), one("mode", given["mode"]), [given["server-net"] ?? []].flat().map(String));
  checkUse(line, [["--dev", options !== undefined, ["start", "restart", "status"]]]);
  if (line.command === "start" && options === undefined) throw new SettingsFailure("start: which device? (--dev)", 2);
  if (options?.mode === "fullnat") checkFamilies(line, options);
  return { ...line, options };
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

/** Each VIP has a network of servers of its family. */
function checkFamilies({ vips }: CommonLine, { serverNets }: DirectorOptions): void {
  for (const { family, address } of vips) {
    if (serverNets.some((network) => network.family === family)) continue;
    throw new SettingsFailure(`--server-net ${serverNets.map(networkText).join(" ")} is of another family than ${address}`, 2);
  }
}
