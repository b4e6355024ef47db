/** The words of lvs-director. */
import { type Network, networkText, parseNetwork } from "../rtnetlink/network";
import type { ProgramSyntax } from "../cli/options";
import { SettingsFailure } from "../settings/failure";
import { linkName } from "../settings/link-name";
import { checkUse, type CommonLine, one, parseWords } from "../settings/words";
import { DEFAULT_MODE, type DirectorOptions, MODES } from "./options";

export interface CommandLine extends CommonLine {
  /** Undefined where none was given. */
  readonly options: DirectorOptions | undefined;
  readonly persist: boolean;
}

const SYNTAX: ProgramSyntax = {
  program: "lvs-director",
  usage: [
    "start VIP... --dev DEVICE [--mode MODE] [--server-net CIDR] [--persist]",
    "stop VIP...|--all [--persist]",
    "restart|status [VIP...] [--dev DEVICE [--mode MODE] [--server-net CIDR]]",
    "watch [VIP...] [--interval SECONDS]",
  ],
  description:
    "Makes this machine a director of the Linux Virtual Server: gives it virtual IP\naddresses, tells the neighbours, sets the kernel for how packets go on to the\nreal servers, and takes all of it back again.",
  options: {
    dev: { value: "DEVICE", describe: "the network device that gets the VIP" },
    mode: { value: "MODE", describe: `how packets go on to the servers: ${MODES.join(", ")} (${DEFAULT_MODE})` },
    "server-net": { value: "CIDR", describe: "with --mode fullnat: the servers' network; may be given again" },
    persist: { describe: "with start and stop: also for the next boot" },
  },
  examples: [
    ["lvs-director start 192.168.0.38 --dev eth0 --mode dr", "a director by direct routing"],
    ["lvs-director start 192.168.0.38 --dev eth0 --dry-run", "what it takes for address translation"],
    ["lvs-director status", "what was started, and what is wrong"],
  ],
};

/** The command line; or text to show, where it asks for help or the version. Throws SettingsFailure with status 2. */
export async function parseCommandLine(words: readonly string[]): Promise<CommandLine | string> {
  const parsed = await parseWords(words, SYNTAX);
  if (typeof parsed === "string") return parsed;
  const { line, given } = parsed;
  const options = optionsOf(one("dev", given["dev"]), one("mode", given["mode"]), [given["server-net"] ?? []].flat().map(String));
  const persist = given["persist"] === true;
  checkUse(line, [["--persist", persist, ["start", "stop"]], ["--dev", options !== undefined, ["start", "restart", "status"]]]);
  if (line.command === "start" && options === undefined) throw new SettingsFailure("start: a network device is missing (--dev)", 2);
  if (options?.mode === "fullnat") checkFamilies(line, options);
  return { ...line, options, persist };
}

function optionsOf(dev: string | undefined, mode: string | undefined, nets: readonly string[]): DirectorOptions | undefined {
  const known = mode === undefined ? DEFAULT_MODE : MODES.find((one) => one === mode);
  if (known === undefined) throw new SettingsFailure(`--mode: ${JSON.stringify(mode)} is not a mode (${MODES.join(", ")})`, 2);
  const serverNets = [...new Map(nets.map(networkOf).map((network) => [networkText(network), network])).values()];
  if (serverNets.length > 0 && known !== "fullnat") throw new SettingsFailure("--server-net: only with --mode fullnat", 2);
  if (dev === undefined) {
    if (mode === undefined) return undefined;
    throw new SettingsFailure(`--mode ${mode}: a network device is missing (--dev)`, 2);
  }
  if (!linkName.safeParse(dev).success) throw new SettingsFailure(`--dev: ${JSON.stringify(dev)} is not a name of a network device`, 2);
  if (known === "fullnat" && serverNets.length === 0) throw new SettingsFailure("--mode fullnat: the network of the real servers is missing (--server-net)", 2);
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
    throw new SettingsFailure(`--server-net: ${serverNets.map(networkText).join(" ")} is of another family than ${address}`, 2);
  }
}
