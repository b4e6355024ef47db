/**
 * Which real server gets a connection: a model of the kernel's schedulers, written from what each of them is defined to
 * do, to predict the answers of the real ones. It has no I/O and knows nothing of the kernel that it is compared with, and
 * nothing of thresholds, which take a server out of the choice as a weight of 0 does.
 */

/** A real server as its service sees it. */
export interface Server {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  /** 0 is quiesced: no new connections. */
  weight: number;
  /** The last weight that was not 0: mh's table keeps the room of a quiesced server. */
  lastWeight: number;
  /** Connections that are established, or about to be. */
  active: number;
  /** Connections that are closing, and are remembered until their time is over. */
  inactive: number;
}

/** What a scheduler may look at. */
export interface Connection {
  readonly client: string;
  readonly clientPort: number;
  readonly destination: string;
}

/** Servers come in the kernel's order, the one added last first. */
export interface Scheduler {
  /** A server was added, or edited. */
  changed?(servers: readonly Server[]): void;
  choose(servers: readonly Server[], connection: Connection): Server | undefined;
}

export const isAvailable = ({ weight }: Server): boolean => weight > 0;

export const greatestCommonDivisor = (a: number, b: number): number => (b === 0 ? a : greatestCommonDivisor(b, a % b));

/** That of all weights which are not 0; 0 where there is none. */
export const commonWeight = (weights: readonly number[]): number => weights.reduce(greatestCommonDivisor, 0);
