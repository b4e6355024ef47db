/** From the options of a command line to what they mean together. */
import { FWD, IPPROTO, SVC_F } from "../ipvs/constants";
import type { Change, Daemon, Service, Timeouts } from "../ipvs/model";
import type { Entry } from "./entry";
import { blaming, fail } from "./failure";
import type { Columns, Format, Intent } from "./intent";
import { commandProblem, hasTunnelOption, tunnelProblem } from "./legality";
import type { OptionName } from "./options";
import { parseSchedulerFlags } from "./scheduler-flags";

export const DEFAULT_SCHEDULER = "wlc";
const DEFAULT_INTERFACE = "eth0";

/** Checks the whole, in ipvsadm's order, and says what it means. */
export function intentOf(entry: Entry, timeouts: Timeouts | undefined): Intent {
  const { command, given, schedulerFlags } = entry;
  if (schedulerFlags !== undefined) {
    const { service } = entry;
    service.flags |= blaming(schedulerFlags.at, () => parseSchedulerFlags(service.scheduler, schedulerFlags.text));
  }
  const problem = commandProblem(command, given);
  if (problem !== undefined) fail(problem);
  if (command === "add-service" || command === "edit-service") checkService(entry.service);
  if (command === "add-server" || command === "edit-server") checkServer(entry);

  switch (command) {
    case "list": return listIntent(entry);
    case "save": return { kind: "save", numeric: given.includes("numeric") };
    case "restore": return { kind: "restore" };
    case "add-service":
    case "edit-service":
    case "delete-service": return change({ kind: command, service: withScheduler(entry) });
    case "add-server":
    case "edit-server":
    case "delete-server": return change({ kind: command, service: withScheduler(entry), server: entry.server });
    case "flush": return change({ kind: "flush" });
    case "zero": return change(given.includes("service-address") ? { kind: "zero", service: entry.service } : { kind: "zero" });
    case "set": return change({ kind: "set-timeouts", timeouts: timeouts ?? { tcp: 0, tcpFin: 0, udp: 0 } });
    case "start-daemon":
    case "stop-daemon": return change({ kind: command, daemon: withInterface(entry) });
  }
}

const change = (change: Change): Intent => ({ kind: "change", change });

function withScheduler({ service }: Entry): Service {
  service.scheduler ||= DEFAULT_SCHEDULER;
  return service;
}

function withInterface({ daemon }: Entry): Daemon {
  daemon.interface ||= DEFAULT_INTERFACE;
  return daemon;
}

function checkService(service: Service): void {
  if (service.mark !== 0) return;
  if (service.port === 0 && (service.flags & SVC_F.PERSISTENT) === 0) {
    fail("Zero port specified for non-persistent service");
  }
  if ((service.flags & SVC_F.ONEPACKET) !== 0 && service.protocol !== IPPROTO.UDP) {
    fail("One-Packet Scheduling is only for UDP virtual services");
  }
}

function checkServer({ given, service, server }: Entry): void {
  const tunnel = server.forwarding === FWD.TUNNEL;
  // Only masquerading rewrites the port; the others must keep the service's, unless it is a mark.
  if (service.mark === 0 && server.forwarding !== FWD.MASQ) server.port = service.port;
  if (server.family !== service.family && !tunnel) {
    fail("Different address family is allowed only for tunneling servers");
  }
  if (!tunnel && hasTunnelOption(given)) fail("Tunnel options conflict with forward method");
  const problem = tunnel ? tunnelProblem(server.tunnelType, given) : undefined;
  if (problem !== undefined) fail(problem);
}

/** In the order in which one wins over the next. */
const COLUMNS = ["stats", "rate", "thresholds", "persistent-conn", "tun-info"] as const satisfies readonly Columns[];

function columnsOf(given: readonly OptionName[]): Columns {
  for (const columns of COLUMNS) if (given.includes(columns)) return columns;
  return "default";
}

function listIntent(entry: Entry): Intent {
  const { given } = entry;
  const has = (name: OptionName): boolean => given.includes(name);
  // With connections, --persistent-conn shows what the persistence engine knows.
  const columns = has("stats") || has("rate") || has("thresholds");
  if (has("connection") ? columns : (has("timeout") || has("daemon")) && (columns || has("persistent-conn"))) {
    fail("options conflicts in the list command");
  }
  const format: Format = {
    numeric: has("numeric"),
    exact: has("exact"),
    sorted: !has("nosort"),
    columns: columnsOf(given),
  };
  if (has("connection")) return { kind: "list-connections", format, engines: has("persistent-conn") };
  if (has("service-address")) return { kind: "list-services", service: entry.service, format };
  if (has("timeout")) return { kind: "list-timeouts" };
  if (has("daemon")) return { kind: "list-daemons" };
  return { kind: "list-services", format };
}
