/** What the lab's side finds out and the host's side prints; it travels as a line of JSON each. */

export type Kernel = "uml" | "qemu";
export const KERNELS: readonly Kernel[] = ["uml", "qemu"];

/** One run of a program. */
export interface Sample {
  readonly seconds: number;
  /** Of these, processor time in the program and in the kernel. User-mode Linux takes both for the program's. */
  readonly user: number;
  readonly kernel: number;
  /** In KiB. */
  readonly peak: number;
}

export interface Result {
  readonly group: string;
  readonly name: string;
  readonly ours: readonly Sample[];
  /** Debian's ipvsadm; empty where it was not asked. */
  readonly reference: readonly Sample[];
  /** `node -e 0`, beside the start-up cases. */
  readonly node?: readonly Sample[];
  /** What an issue asks of the ratio: ours over `node -e 0` where that is there, else over ipvsadm. */
  readonly target?: number;
  /** Where the case is a point of a curve. */
  readonly point?: { readonly curve: string; readonly lines: number };
}

/** Why a case has no figures. */
export interface Missing {
  readonly group: string;
  readonly name: string;
  /** Left out for a good reason, or failed. */
  readonly failed: boolean;
  readonly why: string;
}

export interface About {
  /** The kernel's release, the processors, the versions of both programs and of Node. */
  readonly about: string;
  /** The peak memory of a program that needs none, in KiB: what it was forked from. */
  readonly floor: number;
}

export type Report = Result | Missing | About;

/** How much to measure. */
export interface Options {
  /** Instead of each case's own number. */
  readonly runs: number | undefined;
  /** Just the cases whose group and name contain this. */
  readonly only: string | undefined;
  /** A few runs of each, and one of the heavy ones. */
  readonly quick: boolean;
}

export const median = (samples: readonly Sample[], of: "seconds" | "user" | "kernel" = "seconds"): number => {
  const sorted = samples.map((sample) => sample[of]).sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
};
