import type { Change, ServiceKey } from "../ipvs/model";

/** The columns of a list of services. */
export type Columns = "default" | "stats" | "rate" | "thresholds" | "persistent-conn" | "tun-info";

/** How a list is written. */
export interface Format {
  readonly numeric: boolean;
  /** Whole counters, not shortened to K, M, G and T. */
  readonly exact: boolean;
  readonly sorted: boolean;
  readonly columns: Columns;
}

/** What a command line means, before anything is asked or told. */
export type Intent =
  | { readonly kind: "change"; readonly change: Change }
  | { readonly kind: "list-services"; readonly service?: ServiceKey; readonly format: Format }
  | { readonly kind: "list-connections"; readonly format: Format; readonly engines: boolean }
  | { readonly kind: "list-timeouts" }
  | { readonly kind: "list-daemons" }
  | { readonly kind: "save"; readonly numeric: boolean }
  | { readonly kind: "restore" }
  | { readonly kind: "help" }
  | { readonly kind: "version" };

export const PLAIN: Format = { numeric: false, exact: false, sorted: true, columns: "default" };
