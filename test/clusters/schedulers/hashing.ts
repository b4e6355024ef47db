/** The schedulers that look a server up in a table, by a hash of the client's address or of the destination's. */
import { fold, hash32, sipHash13 } from "./hash";
import { type Connection, type Scheduler, type Server, commonWeight, isAvailable } from "./model";

/** What the options of -b do: sh-port and mh-port, sh-fallback and mh-fallback. */
export interface HashingOptions {
  /** The client's port has a part in the hash. */
  readonly port?: boolean;
  /** Another server is looked for where the one in the table is not available. */
  readonly fallback?: boolean;
}

type Table = readonly (Server | undefined)[];

/** The slot of a key; a fallback tries others, by an offset. */
type Slot = (key: number, offset: number) => number;

const sourceKey = ({ client, clientPort }: Connection, { port = false }: HashingOptions): number =>
  (fold(client) + (port ? clientPort : 0)) >>> 0;

/** The server in the key's slot. The first slot that a fallback tries is at an offset of the slot's own number. */
const lookUp = (table: Table, slot: Slot, key: number, { fallback = false }: HashingOptions): Server | undefined => {
  const first = slot(key, 0);
  const server = table[first];
  if (server === undefined || isAvailable(server)) return server;
  if (!fallback) return undefined;
  for (let tried = 0; tried < table.length; tried++) {
    const other = table[slot(key, (first + tried) % table.length)];
    if (other === undefined || isAvailable(other)) return other;
  }
  return undefined;
};

const SLOTS = 256;
const SLOT_BITS = 8;

/** Servers in turn, each as many times as `places` says, until the table is full. */
const dealt = (servers: readonly Server[], places: (server: Server) => number): Table => {
  const turn = servers.flatMap((server) => Array.from({ length: places(server) }, () => server));
  return Array.from({ length: SLOTS }, (_, slot) => turn[slot % turn.length]);
};

/** sh: by the client. Even a quiesced server keeps a place at each turn. */
export class SourceHashing implements Scheduler {
  #table: Table = [];

  constructor(private readonly options: HashingOptions = {}) {}

  changed(servers: readonly Server[]): void {
    this.#table = dealt(servers, ({ weight }) => Math.max(1, weight));
  }

  choose(_: readonly Server[], connection: Connection): Server | undefined {
    const slot: Slot = (key, offset) => (hash32(key, SLOT_BITS) + offset) % SLOTS;
    return lookUp(this.#table, slot, sourceKey(connection, this.options), this.options);
  }
}

/** dh: by the destination. All servers have the same share. */
export class DestinationHashing implements Scheduler {
  #table: Table = [];

  changed(servers: readonly Server[]): void {
    this.#table = dealt(servers, () => 1);
  }

  choose(_: readonly Server[], { destination }: Connection): Server | undefined {
    return lookUp(this.#table, (key) => hash32(key, SLOT_BITS), fold(destination), {});
  }
}

/** A prime number of slots, CONFIG_IP_VS_MH_TAB_INDEX's default; the kernels of Debian keep it. */
const MAGLEV_SLOTS = 4093;
/** A server takes no more than this many bits' worth of slots at a turn: half of the table's own. */
const MAGLEV_TURN_BITS = 6;
/** Keys that are the same everywhere: two directors choose alike. */
const OFFSET_KEY = [2654435761n, 2654435761n] as const;
const SKIP_KEY = [2654446892n, 2654446892n] as const;

/** A server's own order of the slots, the one that it likes best first. */
function* preferences({ address, port }: Server): Generator<number, never> {
  const name = (fold(address) + port) >>> 0;
  const skip = (sipHash13(name, SKIP_KEY) % (MAGLEV_SLOTS - 1)) + 1;
  for (let slot = sipHash13(name, OFFSET_KEY) % MAGLEV_SLOTS; ; slot = (slot + skip) % MAGLEV_SLOTS) yield slot;
}

/** How many slots each takes at its turn. */
const turns = (servers: readonly Server[]): readonly number[] => {
  const weights = servers.map(({ lastWeight }) => lastWeight);
  const step = commonWeight(weights) || 1;
  const bits = 32 - Math.clz32(Math.max(0, ...weights) / step);
  const shift = Math.max(0, bits - MAGLEV_TURN_BITS);
  return weights.map((weight) => Math.floor(weight / step) >> shift || Math.min(1, weight));
};

/** Section 3.4 of the Maglev paper (NSDI 2016): in turn, each takes the slot that it likes best of those left. */
const maglevTable = (servers: readonly Server[]): Table => {
  const table: (Server | undefined)[] = Array.from({ length: MAGLEV_SLOTS }, () => undefined);
  const takers = turns(servers).flatMap((turn, index) => {
    const server = servers[index];
    return server === undefined || turn === 0 ? [] : [{ server, turn, liked: preferences(server) }];
  });
  let left = takers.length === 0 ? 0 : MAGLEV_SLOTS;
  while (left > 0) {
    for (const { server, turn, liked } of takers) {
      for (let taken = 0; taken < turn && left > 0; taken++, left--) {
        let slot = liked.next().value;
        while (table[slot] !== undefined) slot = liked.next().value;
        table[slot] = server;
      }
    }
  }
  return table;
};

/** mh: by the client, in a table that changes little when a server comes or goes. */
export class MaglevHashing implements Scheduler {
  #table: Table = [];

  constructor(private readonly options: HashingOptions = {}) {}

  changed(servers: readonly Server[]): void {
    this.#table = maglevTable(servers);
  }

  choose(_: readonly Server[], connection: Connection): Server | undefined {
    const slot: Slot = (key, offset) => sipHash13((key + offset) >>> 0, OFFSET_KEY) % MAGLEV_SLOTS;
    return lookUp(this.#table, slot, sourceKey(connection, this.options), this.options);
  }
}
