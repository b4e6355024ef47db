/** From two tables to the steps that make one the other. */
import { isSameAddress } from "../ipvs/address";
import { AF, SVC_F } from "../ipvs/constants";
import type { Change, Daemon, ListedServer, ListedService, Server, Service } from "../ipvs/model";
import type { Table } from "../ipvs/table";
import type { Place } from "./lines";
import type { PlacesOf, Wanted } from "./wanted";

/** A change, what takes it back, and where it was asked for, if it was. */
export interface Step {
  readonly change: Change;
  /** Left out where the change says it: what was added is deleted. */
  readonly undo?: readonly Change[];
  readonly place: Place | undefined;
}

/** What takes a step back. */
export function undoOf({ change, undo }: Step): readonly Change[] {
  if (undo !== undefined) return undo;
  switch (change.kind) {
    case "add-service": return [{ ...change, kind: "delete-service" }];
    case "add-server": return [{ ...change, kind: "delete-server" }];
    case "start-daemon": return [{ ...change, kind: "stop-daemon" }];
    default: return [];
  }
}

/** A server that the wanted table does not have. */
export interface Leaving {
  readonly service: ListedService;
  readonly server: ListedServer;
}

export interface Plan {
  /** What comes and changes; all of it before anything leaves. */
  readonly add: readonly Step[];
  readonly leaving: readonly Leaving[];
  /** What leaves. */
  readonly remove: readonly Step[];
}

type Current = Table<ListedService, ListedServer>;

/** `keep` leaves what the wanted table does not have. */
export function plan({ table, places }: Wanted, current: Current, keep: boolean): Plan {
  const add: Step[] = [];
  const remove: Step[] = [];
  const leaving: Leaving[] = [];

  for (const [id, { service, servers }] of table.services) {
    const place = places.get(service);
    const present = current.services.get(id);
    if (present === undefined) {
      add.push({ change: { kind: "add-service", service }, place });
    } else if (!sameService(service, present.service)) {
      add.push({ change: { kind: "edit-service", service }, undo: [{ kind: "edit-service", service: present.service }], place });
    }
    for (const [key, server] of servers) {
      const serverPlace = places.get(server);
      const before = present?.servers.get(key);
      if (before === undefined) {
        add.push({ change: { kind: "add-server", service, server }, place: serverPlace });
      } else if (!sameServer(server, before)) {
        add.push({ change: { kind: "edit-server", service, server }, undo: [{ kind: "edit-server", service, server: before }], place: serverPlace });
      }
    }
  }
  const first = settings(table, current, places);
  if (keep) return { add: [...first, ...add], leaving, remove };

  for (const [id, { service, servers }] of current.services) {
    const wanted = table.services.get(id);
    for (const [key, server] of servers) {
      if (wanted?.servers.has(key)) continue;
      leaving.push({ service, server });
      if (wanted === undefined) continue;
      remove.push({ change: { kind: "delete-server", service, server }, undo: [{ kind: "add-server", service, server }], place: undefined });
    }
    if (wanted !== undefined) continue;
    const undo: Change[] = [
      { kind: "add-service", service },
      ...[...servers.values()].map((server): Change => ({ kind: "add-server", service, server })),
    ];
    remove.push({ change: { kind: "delete-service", service }, undo, place: undefined });
  }
  // Where the kernel has servers of another family than their service's, it starts no daemon before they are gone.
  return mixesFamilies(current) ? { add, leaving, remove: [...remove, ...first] } : { add: [...first, ...add], leaving, remove };
}

const mixesFamilies = ({ services }: Current): boolean =>
  [...services.values()].some(({ service, servers }) => [...servers.values()].some(({ family }) => family !== service.family));

/** Timeouts and daemons that the rules name; others stay as they are. */
function settings(table: Table, current: Current, places: PlacesOf): Step[] {
  const steps: Step[] = [];
  const { timeouts } = table;
  const before = current.timeouts;
  if (timeouts !== undefined && before !== undefined) {
    const differs = (["tcp", "tcpFin", "udp"] as const).some((name) => timeouts[name] !== 0 && timeouts[name] !== before[name]);
    if (differs) {
      steps.push({ change: { kind: "set-timeouts", timeouts }, undo: [{ kind: "set-timeouts", timeouts: before }], place: places.get(timeouts) });
    }
  }
  for (const [role, daemon] of table.daemons) {
    const running = current.daemons.get(role);
    const place = places.get(daemon);
    const start: Step = { change: { kind: "start-daemon", daemon }, place };
    if (running === undefined) steps.push(start);
    else if (!sameDaemon(daemon, running)) {
      steps.push({ change: { kind: "stop-daemon", daemon: running }, undo: [{ kind: "start-daemon", daemon: running }], place }, start);
    }
  }
  return steps;
}

const SERVICE_FIELDS = ["scheduler", "timeout", "netmask", "engine"] as const satisfies readonly (keyof Service)[];
const SERVER_FIELDS = ["forwarding", "weight", "upper", "lower", "tunnelType", "tunnelPort", "tunnelFlags"] as const satisfies readonly (keyof Server)[];

export const sameService = (a: Service, b: Service): boolean =>
  (a.flags & ~SVC_F.HASHED) === (b.flags & ~SVC_F.HASHED) && SERVICE_FIELDS.every((field) => a[field] === b[field]);

const sameServer = (a: Server, b: Server): boolean => SERVER_FIELDS.every((field) => a[field] === b[field]);

/** The largest UDP payload over IPv6, and the shortest message that the kernel has a backup take, in bytes. */
const LONGEST_OVER_IPV6 = 65_535 - 40 - 8;
const SHORTEST_OF_BACKUP = 1_024;

/** How long messages are in the end, where a daemon asks for so long ones. */
function lengthFromKernel({ role, maxLength, group }: Daemon): number {
  const longest = group?.family === AF.INET6 ? LONGEST_OVER_IPV6 : maxLength;
  return Math.max(role === "backup" ? SHORTEST_OF_BACKUP : 0, Math.min(maxLength, longest));
}

/** What is not asked for is the kernel's to choose. */
const sameDaemon = (wanted: Daemon, running: Daemon): boolean =>
  wanted.interface === running.interface &&
  wanted.syncId === running.syncId &&
  (wanted.maxLength === 0 || lengthFromKernel(wanted) === running.maxLength) &&
  (["port", "ttl"] as const).every((field) => wanted[field] === 0 || wanted[field] === running[field]) &&
  (wanted.group === undefined || (running.group !== undefined && isSameAddress(wanted.group.address, running.group.address)));
