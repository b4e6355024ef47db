/** Where the files of a system go that are installed with the executable: below the folder that is given. */

/** The folders of this tree that the executable carries. */
export const MAN = "man";
export const SYSTEM = "system";

export const PROGRAMS = "usr/sbin";

export interface Place {
  /** A file of this tree: the folder, and which of its files. */
  readonly from: readonly [folder: string, names: RegExp];
  readonly folder: string;
  /** Where it is called otherwise there. */
  readonly name?: string;
  readonly executable?: boolean;
  /** What is there already is somebody's configuration. */
  readonly kept?: boolean;
}

export const PLACES: readonly Place[] = [
  { from: [MAN, /\.8$/], folder: "usr/share/man/man8" },
  { from: [SYSTEM, /\.service$/], folder: "usr/lib/systemd/system" },
  { from: [SYSTEM, /^ipvsadm-service$/], folder: PROGRAMS, executable: true },
  { from: [SYSTEM, /^ipvsadm\.init$/], folder: "etc/init.d", name: "ipvsadm", executable: true, kept: true },
  { from: [SYSTEM, /^default$/], folder: "etc/default", name: "ipvsadm", kept: true },
];
