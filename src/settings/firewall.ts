/**
 * Source NAT by the kernel's firewall, through the programs that there are.
 * A rule is for one VIP and one network of servers. IPVS leaves the first
 * destination of a connection in its entry of connection tracking, so that
 * `ct original` and --ctorigdst tell which VIP a packet to a server is for;
 * what the firewall itself has sent there (DNAT) is left out.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { systemReason } from "../netlink/errno-text";
import { AF } from "../ipvs/constants";
import { hostPrefix, type IpAddress } from "../rtnetlink/ip";
import { type Network, networkText } from "../rtnetlink/network";
import { TOOL_ENVIRONMENT } from "./tool-environment";

/** Which packets get an address of this machine as their source. */
export interface Translation {
  readonly vip: IpAddress;
  readonly servers: Network;
}

export interface Firewall {
  readonly name: string;
  find(translation: Translation): "there" | "altered" | "absent";
  /** Whether `add` would work, as far as can be told without changing anything. */
  canAdd(translation: Translation): boolean;
  /** Returns why it could not, in a line. */
  add(translation: Translation): string | undefined;
  remove(translation: Translation): string | undefined;
  addCommand(translation: Translation): string;
  removeCommand(translation: Translation): string;
}

interface Outcome {
  readonly stdout: string;
  /** In a line; undefined where the program succeeded. */
  readonly failure: string | undefined;
}

function run(program: string, words: readonly string[], input = ""): Outcome {
  const { status, stdout, stderr, error } = spawnSync(program, words, { input, encoding: "utf8", env: TOOL_ENVIRONMENT });
  if (error !== undefined) return { stdout: "", failure: "code" in error && error.code === "ENOENT" ? "not installed" : systemReason(error) };
  if (status === 0) return { stdout, failure: undefined };
  const line = stderr.split("\n").find((one) => one.trim() !== "") ?? `status ${status}`;
  return { stdout, failure: line.trim().replace(/^.*?: Error: /, "") };
}

/** How nft and iptables write it: one address has no prefix. */
const destination = (servers: Network): string => (servers.prefix === hostPrefix(servers.family) ? servers.address : networkText(servers));

const nftFamily = ({ vip }: Translation): string => (vip.family === AF.INET6 ? "ip6" : "ip");

/** A table for each: it comes and goes as a whole. Names may have dots, but no colons. */
export const nftTable = ({ vip, servers }: Translation): string =>
  `lvs-director-${vip.address}-${servers.address}-${servers.prefix}`.replace(/:/g, "_");

const HOOK = "type nat hook postrouting priority 100;";

const nftRule = (translation: Translation): string => {
  const family = nftFamily(translation);
  return `ct original ${family} daddr ${translation.vip.address} ${family} daddr ${destination(translation.servers)} ct status & dnat == 0 masquerade`;
};

const nftText = (translation: Translation): string =>
  `table ${nftFamily(translation)} ${nftTable(translation)} { chain postrouting { ${HOOK} ${nftRule(translation)}; }; }`;

/** As nft lists it, in the words that it was given: versions differ in them. */
const plain = (listing: string): string =>
  listing
    .replace(/\s+/g, " ")
    .replace("priority srcnat;", "priority 100;")
    .replace(" policy accept;", "")
    .replace(/ct status (! dnat|& dnat == 0x0*)(?= )/, "ct status & dnat == 0")
    .replace(/[;\s]/g, "");

export const isNftListing = (listing: string, translation: Translation): boolean => plain(listing) === plain(nftText(translation));

const nft: Firewall = {
  name: "nft",
  find(translation) {
    const { stdout, failure } = run("nft", ["list", "table", nftFamily(translation), nftTable(translation)]);
    if (failure !== undefined) return "absent";
    return isNftListing(stdout, translation) ? "there" : "altered";
  },
  canAdd: (translation) => {
    const { failure } = run("nft", ["--check", "--file", "-"], `${nftText(translation)}\n`);
    // A rehearsal without privileges cannot ask the kernel.
    return failure === undefined || failure.includes("not permitted");
  },
  add(translation) {
    const table = `table ${nftFamily(translation)} ${nftTable(translation)}`;
    // All three in one transaction: whatever had the name is replaced.
    return run("nft", ["--file", "-"], `add ${table}\ndelete ${table}\n${nftText(translation)}\n`).failure;
  },
  remove: (translation) => run("nft", ["delete", "table", nftFamily(translation), nftTable(translation)]).failure,
  addCommand: (translation) => `nft '${nftText(translation)}'`,
  removeCommand: (translation) => `nft delete table ${nftFamily(translation)} ${nftTable(translation)}`,
};

export const iptablesRule = ({ vip, servers }: Translation): string[] => [
  ...["-d", networkText(servers)],
  ...["-m", "conntrack", "!", "--ctstate", "DNAT", "--ctorigdst", vip.address],
  ...["-m", "comment", "--comment", "lvs-director"],
  ...["-j", "MASQUERADE"],
];

/** `legacy`: without its tables, asking for them would make them. */
function iptables(suffix: "" | "-legacy"): Firewall {
  const program = ({ vip }: Translation): string => `${vip.family === AF.INET6 ? "ip6tables" : "iptables"}${suffix}`;
  const words = (verb: string, translation: Translation): string[] => ["-w", "-t", "nat", verb, "POSTROUTING", ...iptablesRule(translation)];
  const call = (verb: string, translation: Translation): string | undefined => run(program(translation), words(verb, translation)).failure;
  const command = (verb: string, translation: Translation): string => [program(translation), ...words(verb, translation)].join(" ");
  return {
    name: `iptables${suffix}`,
    find: (translation) => {
      if (suffix === "-legacy" && !hasLegacyTables(translation.vip)) return "absent";
      return call("-C", translation) === undefined ? "there" : "absent";
    },
    canAdd: (translation) => run(program(translation), ["--version"]).failure === undefined,
    // The first: others may have exempted the servers' network from NAT.
    add: (translation) => call("-I", translation),
    remove: (translation) => call("-D", translation),
    addCommand: (translation) => command("-I", translation),
    removeCommand: (translation) => command("-D", translation),
  };
}

function hasLegacyTables({ family }: IpAddress): boolean {
  try {
    return readFileSync(`/proc/net/${family === AF.INET6 ? "ip6_tables_names" : "ip_tables_names"}`, "utf8").split("\n").includes("nat");
  } catch {
    // Not there, or for root alone to see.
    return false;
  }
}

/** In the order in which they are tried. */
export const FIREWALLS = [nft, iptables(""), iptables("-legacy")] as const;
