import { hostNetmask } from "../ipvs/address";
import { AF, FWD } from "../ipvs/constants";
import type { Daemon, Server, Service, Writable } from "../ipvs/model";
import type { NameLookup } from "../names/lookup";
import { fail } from "./failure";
import type { CommandName, OptionName } from "./options";
import type { RestWord } from "./popt";

/**
 * What the options say so far; each takes effect where it stands. A service,
 * server or daemon is made when something is first said of it: a file has a
 * line for each.
 */
export class Entry {
  /** Each once. */
  readonly given: OptionName[] = [];
  /** As they were given, and by which word: what they mean hangs on the scheduler, which may come later. */
  schedulerFlags: RestWord | undefined = undefined;
  private serviceSoFar: Writable<Service> | undefined = undefined;
  private serverSoFar: Writable<Server> | undefined = undefined;
  private daemonSoFar: Writable<Daemon> | undefined = undefined;

  constructor(
    readonly command: CommandName,
    readonly names: NameLookup,
  ) {}

  get service(): Writable<Service> {
    return (this.serviceSoFar ??= {
      family: AF.INET,
      mark: 0,
      protocol: 0,
      address: 0,
      port: 0,
      scheduler: "",
      flags: 0,
      timeout: 0,
      netmask: hostNetmask(AF.INET),
      engine: "",
    });
  }

  get server(): Writable<Server> {
    return (this.serverSoFar ??= {
      family: AF.INET,
      address: 0,
      port: 0,
      forwarding: FWD.DROUTE,
      weight: 1,
      upper: 0,
      lower: 0,
      tunnelType: 0,
      tunnelPort: 0,
      tunnelFlags: 0,
    });
  }

  get daemon(): Writable<Daemon> {
    return (this.daemonSoFar ??= { role: "master", interface: "", syncId: 0, maxLength: 0, port: 0, ttl: 0 });
  }
}

/** Notes that an option was given, once. */
export function give(entry: Entry, name: OptionName): void {
  if (entry.given.includes(name)) fail(`multiple '${name}' options specified`);
  entry.given.push(name);
}
