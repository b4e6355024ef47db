/** What no start changes and no stop takes back, but what breaks a VIP where it is as it is. */
export interface Hazard {
  readonly kind: "silence" | "route";
  readonly subject: string;
  readonly wanted: string;
  readonly found: string;
  /** What comes of it, in words: "eth0 answers ARP requests for it". */
  readonly effect: string;
  /** The command that mends it. */
  readonly mend: string;
}

/** A line for whoever starts the VIP. */
export const hazardWarning = (vip: string, { subject, found, effect, mend }: Hazard): string => `${vip}: ${effect} (${subject}: ${found}): ${mend}`;
