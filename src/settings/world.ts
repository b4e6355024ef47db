import type { Machine } from "./machine";

/** What lvs-realserver and lvs-director touch: streams, and the machine. Tests hand in what they like. */
export interface SettingsWorld {
  out(text: string): void;
  error(text: string): void;
  /** Whether what goes out may have colours. */
  readonly coloured: boolean;
  readonly machine: Machine;
  /**
   * Aborted by SIGINT and SIGTERM, whose name is its reason: from the call on,
   * these do not end the process by themselves.
   */
  interruption(): AbortSignal;
}
