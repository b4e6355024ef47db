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
  /** It does not last: another step of the same plan takes it back, or it takes another back. */
  readonly passing?: boolean;
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
  /** Takes the servers that leave out of the balance; they keep their connections. None without `drain`. */
  readonly quiesce: readonly Step[];
  /** What leaves. */
  readonly remove: readonly Step[];
  /** The dh services that refuse clients while servers drain. */
  readonly refusing: readonly Refusing[];
}

/** So many of a service's servers have weight 0 while they drain, and nobody takes their place. */
export interface Refusing {
  readonly service: Service;
  readonly quiesced: number;
  readonly servers: number;
}

export interface PlanOptions {
  /** What the wanted table does not have stays. */
  readonly keep: boolean;
  /** Servers have weight 0 before they leave. */
  readonly drain: boolean;
}

type Current = Table<ListedService, ListedServer>;

export function plan({ table, places, skipped }: Pick<Wanted, "table" | "places" | "skipped">, current: Current, { keep, drain }: PlanOptions): Plan {
  const add: Step[] = [];
  const quiesce: Step[] = [];
  const remove: Step[] = [];
  const leaving: Leaving[] = [];
  const refusing: Refusing[] = [];
  /** What services are in the end, where they are something else while their servers leave. */
  const afterRemoval = new Map<string, Step>();

  for (const [id, { service, servers }] of table.services) {
    const place = places.get(service);
    const present = current.services.get(id);
    const left = keep || present === undefined || skipped?.keepsServers(id) ? 0 : count(present.servers.keys(), (key) => !servers.has(key));
    if (present === undefined) {
      add.push({ change: { kind: "add-service", service }, place });
    } else {
      const before = present.service;
      const meanwhile = left > 0 && (drain || isQuiescedFallback(before, service)) ? withFallback(service) : service;
      const undo: Change[] = [{ kind: "edit-service", service: before }];
      const passing = meanwhile !== service;
      if (!sameService(meanwhile, before)) add.push({ change: { kind: "edit-service", service: meanwhile }, undo, place, passing });
      if (passing) {
        const change: Change = { kind: "edit-service", service };
        afterRemoval.set(id, { change, undo: [{ kind: "edit-service", service: meanwhile }], place, passing: sameService(service, before) });
      }
      if (drain && left > 0 && service.scheduler === "dh") refusing.push({ service, quiesced: left, servers: servers.size + left });
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
  if (keep) return { add: [...first, ...add], leaving, quiesce, remove, refusing };

  for (const [id, { service, servers }] of current.services) {
    const wanted = table.services.get(id);
    if (wanted === undefined ? skipped?.keepsService(id) : skipped?.keepsServers(id)) continue;
    for (const [key, server] of servers) {
      if (wanted?.servers.has(key)) continue;
      leaving.push({ service, server });
      if (drain && server.weight !== 0) quiesce.push(quiesceStep({ service, server }));
      if (wanted === undefined) continue;
      remove.push({ change: { kind: "delete-server", service, server }, undo: [{ kind: "add-server", service, server }], place: undefined });
    }
    const last = afterRemoval.get(id);
    if (last !== undefined) remove.push(last);
    if (wanted !== undefined) continue;
    const undo: Change[] = [
      { kind: "add-service", service },
      ...[...servers.values()].map((server): Change => ({ kind: "add-server", service, server })),
    ];
    remove.push({ change: { kind: "delete-service", service }, undo, place: undefined });
  }
  // Where the kernel has servers of another family than their service's, it starts no daemon before they are gone.
  return mixesFamilies(current)
    ? { add, leaving, quiesce, remove: [...remove, ...first], refusing }
    : { add: [...first, ...add], leaving, quiesce, remove, refusing };
}

/**
 * The schedulers that refuse a client whose server has weight 0, unless their
 * first flag lets them look for another (ip_vs_sh_schedule, ip_vs_mh_schedule).
 * They read it for each connection: setting it makes no table anew.
 */
const FALLBACK = SVC_F.SCHED1;
const hasFallback = ({ scheduler }: Service): boolean => scheduler === "sh" || scheduler === "mh";

/** The same, but clients of a server of weight 0 get another; the same object where nothing has to be done for that. */
const withFallback = (service: Service): Service =>
  !hasFallback(service) || (service.flags & FALLBACK) !== 0 ? service : { ...service, flags: service.flags | FALLBACK };

/** An earlier restore may have been killed while servers drained: they leave before the fallback does. */
const isQuiescedFallback = (before: Service, service: Service): boolean =>
  before.scheduler === service.scheduler && (before.flags & FALLBACK) !== 0;

const quiesceStep = ({ service, server }: Leaving): Step => ({
  change: { kind: "edit-server", service, server: { ...server, weight: 0 } },
  undo: [{ kind: "edit-server", service, server }],
  place: undefined,
  passing: true,
});

function count<T>(items: Iterable<T>, counts: (item: T) => boolean): number {
  let number = 0;
  for (const item of items) if (counts(item)) number++;
  return number;
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
