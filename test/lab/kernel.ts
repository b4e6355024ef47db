/** The kernel of the lab that the tests run in, and what none of them can do there. */

export type LabKernel = "uml" | "qemu" | "uml7" | "qemu7" | "host";

/** The kernels that a case cannot run on, each with the reason. */
export type NotOn = Readonly<Partial<Record<LabKernel, string>>>;

/** The one that this runs on. */
export const HERE = process.env["LAB_KERNEL"] ?? "";

/** Why it cannot run here; undefined where it can. */
export const whyNot = (not: NotOn = {}): string | undefined => Object.entries(not).find(([kernel]) => kernel === HERE)?.[1];

/** For the last line of a suite: how many were left out, and why. Empty where none was. */
export function leftOutInWords(reasons: readonly string[], of = ""): string {
  if (reasons.length === 0) return "";
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const each = [...counts].map(([reason, count]) => (counts.size === 1 ? reason : `${count}: ${reason}`));
  return `, ${reasons.length}${of} left out on ${HERE} (${each.join("; ")})`;
}

export const WANTS_FIREWALL: NotOn = { uml7: "no firewall: neither iptables-legacy nor nf_tables" };
