/**
 * Every message that ipvsadm 1.31 can print, as the strings of its binary
 * have them; "%" stands for what is filled in. The suite fails on one that
 * no case provokes from the reference, unless it says why none can.
 */
export interface Message {
  readonly text: string;
  /** Why no case provokes it, and where our program's share of it is tested instead. */
  readonly unprovoked?: string;
}

const OLD_KERNEL = "only a kernel before IPVS had netlink would answer so";
const NOT_OF_NETLINK = "the netlink interface never answers with this error";

export const MESSAGES: readonly Message[] = [
  { text: "Can't initialize ipvs: %" },
  { text: "Are you sure that IP Virtual Server is built in the kernel or as module?" },
  { text: "Warning: IPVS version mismatch: ", unprovoked: OLD_KERNEL },
  { text: "illegal start-daemon parameter specified" },
  { text: "illegal start_daemon specified" },
  { text: "illegal virtual server address[:port] specified" },
  { text: "illegal virtual server persistent mask specified" },
  { text: "illegal ipv6 netmask specified" },
  { text: "illegal real server address[:port] specified" },
  { text: "illegal weight specified" },
  { text: "illegal u_threshold specified" },
  { text: "illegal l_threshold specified" },
  { text: "illegal syncid specified" },
  { text: "-6 used before -f" },
  { text: "invalid IPv6 mcast-group `%'" },
  { text: "invalid IPv4 mcast-group `%'" },
  { text: "illegal mcast-port specified" },
  { text: "illegal mcast-ttl specified" },
  { text: "illegal sync-maxlen specified" },
  { text: "illegal tunnel type specified" },
  { text: "illegal tunnel port specified" },
  { text: "invalid option `%'" },
  { text: "%: missing argument" },
  { text: "%: unknown option" },
  { text: "%: option does not take an argument" },
  { text: "--set option requires 3 timeout values" },
  { text: "unexpected argument %" },
  { text: "Zero port specified for non-persistent service" },
  { text: "One-Packet Scheduling is only for UDP virtual services" },
  { text: "Different address family is allowed only for tunneling servers" },
  { text: "Tunnel options conflict with forward method" },
  { text: "options conflicts in the list command" },
  { text: "invalid timeout value `%' specified" },
  { text: "invalid fwmark value `%' specified" },
  { text: "incompatible scheduler flag `%'" },
  { text: "invalid scheduler flag `%'" },
  { text: "You need to supply the '%' option for the '%' command" },
  { text: "Illegal '%' option with the '%' command" },
  { text: "The option '%' conflicts with the '%' option in the '%' command" },
  { text: "You need to supply the '%' option for the '%' tunnel type" },
  { text: "Illegal '%' option with the '%' tunnel type" },
  { text: "The option '%' conflicts with the '%' option in the '%' tunnel type" },
  { text: "multiple commands specified", unprovoked: "every word after the first that is a command is an invalid option before this is looked at" },
  { text: "multiple '%' options specified" },
  { text: "Try `ipvsadm -h' or 'ipvsadm --help' for more information." },
  { text: "cannot open file /proc/net/ip_vs_conn" },
  { text: "unexpected input from /proc/net/ip_vs_conn" },
  { text: "Service already exists" },
  { text: "Scheduler or persistence engine not found" },
  { text: "No such service" },
  { text: "Service not defined" },
  { text: "Destination already exists" },
  { text: "No such destination" },
  { text: "Daemon has already run" },
  { text: "No daemon is running" },
  { text: "%Permission denied (you must be root)" },
  { text: "Invalid operation.  Possibly wrong module version, address not unicast, ..." },
  { text: "%Protocol not available" },
  { text: "Memory allocation problem", unprovoked: "only a kernel without memory would answer so" },
  { text: "Operation not supported with IPv6", unprovoked: "only a scheduler without IPv6 would be refused so, and there is none" },
  { text: "Operation not supported with specified address family", unprovoked: "the command line refuses what the kernel would" },
  { text: "Module is wrong version", unprovoked: NOT_OF_NETLINK },
];

const asPattern = (text: string): RegExp =>
  new RegExp(`^${text.split("%").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(".*")}$`);

/** Which case first provoked each message. */
export class MessageLog {
  readonly #left = MESSAGES.map((message) => ({ ...message, pattern: asPattern(message.text) }));
  readonly provoked = new Map<string, string>();

  note(stderr: string, by: string): void {
    for (const line of new Set(stderr.split("\n"))) {
      for (const message of this.#left) {
        if (!this.provoked.has(message.text) && message.pattern.test(line)) this.provoked.set(message.text, by);
      }
    }
  }

  /** Those that a case should have provoked. */
  missing(): string[] {
    return MESSAGES.filter(({ text, unprovoked }) => unprovoked === undefined && !this.provoked.has(text)).map(({ text }) => text);
  }
}
