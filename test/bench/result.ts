/** What the measuring side finds out and the host's side prints; it travels as a line of JSON each. */

/** Where is measured: on the machine as it is, in the lab's kernels, and in one whose clock counts instructions. */
export const KERNELS = ["machine", "uml", "qemu", "uml7", "qemu7", "counted"] as const;
export type Kernel = (typeof KERNELS)[number];
export const KERNEL_NAMES: Readonly<Record<Kernel, string>> = {
  machine: "this machine",
  uml: "user-mode Linux",
  qemu: "QEMU without KVM",
  uml7: "user-mode Linux from 7 on",
  qemu7: "QEMU without KVM, Linux from 7 on",
  counted: "QEMU, a nanosecond an instruction",
};

/** Ours as the standalone executable and by Node, the same of another clone, and Debian's. */
export const PROGRAMS = ["executable", "node", "other-executable", "other-node", "ipvsadm"] as const;
export type Program = (typeof PROGRAMS)[number];
export const PROGRAM_NAMES: Readonly<Record<Program, string>> = {
  executable: "executable",
  node: "Node build",
  "other-executable": "executable, the other's",
  "other-node": "Node build, the other's",
  ipvsadm: "ipvsadm 1.31",
};
export const OURS = ["executable", "node"] as const satisfies readonly Program[];
const BESIDE_IPVSADM = [...OURS, "ipvsadm"] as const satisfies readonly Program[];
const BESIDE_ANOTHER = [...OURS, "other-executable", "other-node"] as const satisfies readonly Program[];

/** What runs in turn: with --against, another clone's programs in the place of ipvsadm. */
export const programsOf = ({ against }: Pick<Options, "against">): readonly Program[] =>
  against === undefined ? BESIDE_IPVSADM : BESIDE_ANOTHER;

/** One run of a program. */
export interface Sample {
  readonly seconds: number;
  /** Of these, processor time in the program and in the kernel. User-mode Linux takes both for the program's. */
  readonly user: number;
  readonly kernel: number;
  /** In KiB. */
  readonly peak: number;
}

/** Of the programs that were asked. */
export type Samples = Readonly<Partial<Record<Program, readonly Sample[]>>>;

/** What a program's time is divided by: an empty program's of the same runtime, ipvsadm's, or that of the same build of the other clone. */
export const BASES = ["empty", "ipvsadm", "other"] as const;
export type Base = (typeof BASES)[number];

/** What an issue asks of a ratio, and in which kernels. */
export interface Target {
  readonly of: Program;
  readonly over: Base;
  readonly most: Readonly<Partial<Record<Kernel, number>>>;
}

export interface Result {
  readonly group: string;
  readonly name: string;
  readonly samples: Samples;
  /** Empty programs, beside the start-up cases. */
  readonly empty?: Samples;
  readonly targets: readonly Target[];
  /** Where the case is a point of a curve. */
  readonly point?: { readonly curve: string; readonly lines: number };
  readonly memory?: MemoryTarget;
}

/** How much peak memory our programs may take, over what they take in another case of the group. */
export interface MemoryTarget {
  readonly over: string;
  readonly most: number;
}

/** Why cases have no figures. */
export interface Failure {
  readonly group: string;
  readonly name: string;
  readonly why: string;
}

export interface About {
  /** The kernel's release, the processors, the versions of the programs and of Node. */
  readonly about: string;
  /** The peak memory of a program that needs none, in KiB: what it was forked from. */
  readonly floor: number;
}

export type Report = Result | Failure | About;

/** How much to measure. */
export interface Options {
  /** Instead of each case's own number. */
  readonly runs: number | undefined;
  /** Just the cases whose group and name contain this. */
  readonly only: string | undefined;
  /** A few runs of each, and one of the heavy ones. */
  readonly quick: boolean;
  /** The clone whose programs run beside ours instead of ipvsadm. */
  readonly against: string | undefined;
}

export const isWanted = ({ only }: Options, { group, name }: { readonly group: string; readonly name: string }): boolean =>
  only === undefined || `${group}: ${name}`.includes(only);

export const median = (samples: readonly Sample[], of: "seconds" | "user" | "kernel" = "seconds"): number => {
  const sorted = samples.map((sample) => sample[of]).sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
};
