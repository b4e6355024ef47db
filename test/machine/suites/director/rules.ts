import type { Namespace } from "../../lab";

/** The rules of source NAT that are in the firewalls, as those list them. */
export async function rules(machine: Namespace): Promise<string[]> {
  const { stdout } = await machine.shell("nft list ruleset; iptables-legacy -t nat -S; ip6tables-legacy -t nat -S");
  return stdout.split("\n").filter((line) => /masquerade/i.test(line));
}
