/** Where the files of a system go that are installed with the executable: below the folder that is given. */

/** The name of the executable's file; its other names are links. */
export const MAIN = "ipvsadm";
export const LINKS = ["ipvsadm-save", "ipvsadm-restore", "lvs-realserver", "lvs-director"] as const;
const NAMES = [MAIN, ...LINKS] as const;

/** What the executable is made of, modules of src: what starts, and what that loads (build). */
export const BUNDLES = ["standalone/main", ...NAMES, "standalone/install"] as const;

/** Folders of this tree; the executable carries the first two. */
const MAN = "man";
const SYSTEM = "system";
const COMPLETIONS = "system/completions";

export const PROGRAMS = "usr/sbin";

export interface Place {
  /** A file of this tree: the folder, and which of its files. */
  readonly from: readonly [folder: string, names: RegExp];
  readonly folder: string;
  /** Where it is called otherwise there, or has more names than one. */
  readonly as?: readonly string[];
  readonly executable?: boolean;
  /** What is there already is somebody's configuration. */
  readonly kept?: boolean;
}

export const PLACES: readonly Place[] = [
  { from: [MAN, /\.8$/], folder: "usr/share/man/man8" },
  { from: [SYSTEM, /\.service$/], folder: "usr/lib/systemd/system" },
  { from: [SYSTEM, /^ipvsadm-service$/], folder: PROGRAMS, executable: true },
  { from: [SYSTEM, /^ipvsadm\.init$/], folder: "etc/init.d", as: ["ipvsadm"], executable: true, kept: true },
  { from: [SYSTEM, /^default$/], folder: "etc/default", as: ["ipvsadm"], kept: true },
  // Bash and fish look for a file of the program's name.
  { from: [COMPLETIONS, /\.bash$/], folder: "usr/share/bash-completion/completions", as: NAMES },
  { from: [COMPLETIONS, /^_ipvsadm$/], folder: "usr/share/zsh/vendor-completions" },
  { from: [COMPLETIONS, /\.fish$/], folder: "usr/share/fish/vendor_completions.d", as: NAMES.map((name) => `${name}.fish`) },
];
