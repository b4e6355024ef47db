/** iptables as the lab's kernels have it: user-mode Linux has no nf_tables for it, and takes the legacy one. */
const LEGACY = process.env["LAB_KERNEL"] === "uml" ? "-legacy" : "";

export const IPTABLES = `iptables${LEGACY}`;
export const IP6TABLES = `ip6tables${LEGACY}`;
