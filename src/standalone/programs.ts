/** The programs of the executable. Each runs as it is loaded. */
export const PROGRAMS = {
  ipvsadm: () => import("../ipvsadm"),
  "ipvsadm-save": () => import("../ipvsadm-save"),
  "ipvsadm-restore": () => import("../ipvsadm-restore"),
  "lvs-realserver": () => import("../lvs-realserver"),
  "lvs-director": () => import("../lvs-director"),
} as const;

export const NAMES = Object.keys(PROGRAMS);
/** The name of the file; the others are links. */
export const MAIN = "ipvsadm" satisfies keyof typeof PROGRAMS;
