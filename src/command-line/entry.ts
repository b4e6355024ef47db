import { hostNetmask } from "../ipvs/address";
import { AF_INET, FWD } from "../ipvs/constants";
import type { Address, Daemon, Server, Service } from "../ipvs/model";
import type { NameLookup } from "../names/lookup";
import { fail } from "./failure";
import type { CommandName, OptionName } from "./options";
import type { RestWord } from "./popt";

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** What the options say so far; each takes effect where it stands. */
export interface Entry {
  command: CommandName;
  given: OptionName[];
  service: Writable<Service>;
  server: Writable<Server>;
  daemon: Writable<Daemon>;
  /** As they were given, and by which word: what they mean hangs on the scheduler, which may come later. */
  schedulerFlags: RestWord | undefined;
  names: NameLookup;
}

const NO_ADDRESS: Address = Buffer.alloc(16);

export const newEntry = (command: CommandName, names: NameLookup): Entry => ({
  command,
  given: [],
  service: {
    family: AF_INET,
    mark: 0,
    protocol: 0,
    address: NO_ADDRESS,
    port: 0,
    scheduler: "",
    flags: 0,
    timeout: 0,
    netmask: hostNetmask(AF_INET),
    engine: "",
  },
  server: {
    family: AF_INET,
    address: NO_ADDRESS,
    port: 0,
    forwarding: FWD.DROUTE,
    weight: 1,
    upper: 0,
    lower: 0,
    tunnelType: 0,
    tunnelPort: 0,
    tunnelFlags: 0,
  },
  daemon: { role: "master", interface: "", syncId: 0, maxLength: 0, port: 0, ttl: 0 },
  schedulerFlags: undefined,
  names,
});

/** Notes that an option was given, once. */
export function give(entry: Entry, name: OptionName): void {
  if (entry.given.includes(name)) fail(`multiple '${name}' options specified`);
  entry.given.push(name);
}
