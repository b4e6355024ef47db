/** The table that rules describe, and where each part of it was asked for. */
import { kernelMessage } from "../commands/kernel-message";
import { isSameAddress } from "../ipvs/address";
import type { Change, Daemon, Server, Service, ServiceKey, Timeouts } from "../ipvs/model";
import { emptyTable, serverId, serviceId, type Table } from "../ipvs/table";
import { ERRNO } from "../netlink/errors";
import type { ParseContext } from "../command-line/parse";
import type { Place, Problem, UnreadLine } from "./lines";
import { daemonBesideServers, serverBesideDaemons } from "./mixed-families";
import { Skipped } from "./skipped";
import type { Rule } from "./parse-rules";

/** What a line can ask for. */
type Part = Service | Server | Daemon | Timeouts;
/** Where it was asked for. */
export type PlacesOf = ReadonlyMap<Part, Place>;

/** What a line may miss that stands in another. */
const MISSING: ReadonlySet<number> = new Set([ERRNO.ESRCH, ERRNO.ENOENT]);

/** Carries rules out on a table in memory, as the kernel would on its own. */
export class Wanted {
  readonly table: Table = emptyTable();
  /** What the kernel would refuse, and what is no rule. */
  readonly problems: Problem[] = [];
  private readonly placeOf = new Map<Part, Place>();
  private readonly ids = new ServiceIds();

  get places(): PlacesOf {
    return this.placeOf;
  }

  /** What was left out with --skip-bad. */
  readonly skipped: Skipped | undefined;

  constructor(skipBad: boolean) {
    this.skipped = skipBad ? new Skipped() : undefined;
  }

  /** A line that could not be read may hide what those behind it miss: of these, nobody is to blame for what is missing. */
  add({ place, intent }: Rule, afterUnread: boolean): void {
    const { skipped } = this;
    const refusal = intent.kind === "change" ? carryOut(intent.change, this.table, this.ids, this.placeOf, place) : NO_RULE;
    if (refusal === undefined) return;
    if (afterUnread && skipped === undefined && typeof refusal === "number" && MISSING.has(refusal)) return;
    const change = intent.kind === "change" ? intent.change : undefined;
    skipped?.addChange(change);
    this.problems.push({ ...place, message: this.reason(change, refusal) });
  }

  /** A line that --skip-bad leaves out, where it is given. */
  async leaveOut({ words, comment, line }: UnreadLine, context: ParseContext): Promise<void> {
    if (!comment) await this.skipped?.addUnread(words, line, context);
  }

  private reason(change: Change | undefined, refusal: number | string): string {
    if (typeof refusal === "string" || change === undefined) return String(refusal);
    const line = "service" in change && change.service !== undefined && MISSING.has(refusal) ? this.skipped?.lineOf(change.service) : undefined;
    return line === undefined ? kernelMessage(change.kind, refusal) : `its service was to be added in line ${line}`;
  }
}

const NO_RULE = "no rule of a table";

/** The lines of a service follow one another: its id is put together once for them. */
class ServiceIds {
  private last: ServiceKey | undefined = undefined;
  private id = "";

  of(service: ServiceKey): string {
    if (this.last === undefined || !isSame(this.last, service)) this.id = serviceId(service);
    this.last = service;
    return this.id;
  }
}

const isSame = (a: ServiceKey, b: ServiceKey): boolean =>
  a.port === b.port && a.protocol === b.protocol && a.mark === b.mark && a.family === b.family && isSameAddress(a.address, b.address);

/** The errno with which the kernel would refuse a change, or why it would in words. */
function carryOut(change: Change, table: Table, ids: ServiceIds, places: Map<Part, Place>, place: Place): number | string | undefined {
  switch (change.kind) {
    case "flush":
      table.services.clear();
      return undefined;
    case "zero":
      return NO_RULE;
    case "set-timeouts": {
      const { timeouts } = change;
      const before = table.timeouts ?? { tcp: 0, tcpFin: 0, udp: 0 };
      // Zero leaves a value as it is.
      table.timeouts = { tcp: timeouts.tcp || before.tcp, tcpFin: timeouts.tcpFin || before.tcpFin, udp: timeouts.udp || before.udp };
      places.set(table.timeouts, place);
      return undefined;
    }
    case "start-daemon": {
      if (table.daemons.has(change.daemon.role)) return ERRNO.EEXIST;
      const beside = daemonBesideServers(table);
      if (beside !== undefined) return beside;
      table.daemons.set(change.daemon.role, change.daemon);
      places.set(change.daemon, place);
      return undefined;
    }
    case "stop-daemon":
      return table.daemons.delete(change.daemon.role) ? undefined : ERRNO.ESRCH;
    default: {
      const id = ids.of(change.service);
      const found = table.services.get(id);
      switch (change.kind) {
        case "add-service":
          if (found !== undefined) return ERRNO.EEXIST;
          table.services.set(id, { service: change.service, servers: new Map() });
          places.set(change.service, place);
          return undefined;
        case "edit-service":
          if (found === undefined) return ERRNO.ESRCH;
          table.services.set(id, { service: change.service, servers: found.servers });
          places.set(change.service, place);
          return undefined;
        case "delete-service":
          return table.services.delete(id) ? undefined : ERRNO.ESRCH;
        default: {
          if (found === undefined) return ERRNO.ESRCH;
          const server = serverId(change.server);
          if (change.kind === "delete-server") return found.servers.delete(server) ? undefined : ERRNO.ENOENT;
          const exists = found.servers.has(server);
          if (change.kind === "add-server" && exists) return ERRNO.EEXIST;
          if (change.kind === "edit-server" && !exists) return ERRNO.ENOENT;
          if (change.server.lower > 0 && change.server.lower > change.server.upper) return ERRNO.ERANGE;
          const beside = serverBesideDaemons(change.service, change.server, table.daemons.keys());
          if (beside !== undefined) return beside;
          found.servers.set(server, change.server);
          places.set(change.server, place);
          return undefined;
        }
      }
    }
  }
}
