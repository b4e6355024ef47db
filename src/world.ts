import type { IpvsClient } from "./ipvs/client";
import type { Soon } from "./soon";

/**
 * What a command may touch: the words it was called with, its streams, the
 * names that hosts and services have, and the kernel. The programs hand in
 * the real one; tests hand in what they like.
 */
export interface World {
  /** The name that the program was called by. */
  readonly program: string;
  environment(): Readonly<Record<string, string | undefined>>;
  /** Whether this is another user namespace than the initial one, as far as /proc tells. */
  inUserNamespace(): boolean;
  out(text: string): void;
  /** The same, of text in bytes, which are used again afterwards. */
  write(bytes: Uint8Array): void;
  error(text: string): void;
  /** All of standard input. */
  input(): Buffer;
  readonly names: {
    hostAddress: typeof import("./names/hosts").hostAddress;
    hostNames: typeof import("./names/hosts").hostNames;
    /** How long a list waits for the names of hosts, in all, in milliseconds. */
    readonly patience: number;
    servicePort(name: string, protocol: number): number | undefined;
    serviceName(port: number, protocol: number): string | undefined;
  };
  /**
   * The kernel's IPVS, opened at the first call. Throws Failure where there
   * is none, or none for us.
   */
  ipvs(): Soon<IpvsClient>;
  /** Opens /proc/net/ip_vs_conn. Throws Failure where it cannot be opened. */
  connectionTable(): OpenFile;
}

/** A file that is read a piece at a time. */
export interface OpenFile {
  readonly path: string;
  /** Returns how many bytes were read, and put there from `at` on; 0 at the end. */
  read(into: Uint8Array, at: number): number;
  close(): void;
}
