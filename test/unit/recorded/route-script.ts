/** What is asked of a kernel's links, addresses and FOU ports: by the recorder of a real one, and by the tests of what it answered. */
import { AF } from "../../../src/ipvs/constants";
import { NetlinkError } from "../../../src/netlink/errors";
import { FOU_TYPE, IFA_FLAG, RT_SCOPE } from "../../../src/rtnetlink/constants";
import type { FouClient } from "../../../src/rtnetlink/fou-client";
import type { Link, LinkAddress } from "../../../src/rtnetlink/model";
import type { RouteClient } from "../../../src/rtnetlink/route-client";

const NAME = "rec0";

/** What came of each step, as JSON can say it: a refusal is "errno N". */
export async function playRoute(route: RouteClient): Promise<unknown[]> {
  const found: unknown[] = [];
  const step = async <T>(work: Promise<T>): Promise<T | undefined> => {
    try {
      const value = await work;
      found.push(value ?? null);
      return value;
    } catch (error) {
      if (!(error instanceof NetlinkError)) throw error;
      found.push(`errno ${error.errno}`);
      return undefined;
    }
  };
  await step(route.mayChange());
  await step(route.link(NAME));
  await step(route.createLink(NAME, "dummy"));
  await step(route.createLink(NAME, "dummy"));
  const link: Link = (await step(route.link(NAME))) ?? { index: 0, name: NAME, kind: undefined, flags: 0, master: undefined, mac: "" };
  const short: LinkAddress = { index: link.index, family: AF.INET, address: "192.0.2.1", prefix: 32, flags: 0, scope: RT_SCOPE.UNIVERSE, label: `${NAME}:7` };
  const long: LinkAddress = { ...short, family: AF.INET6, address: "2001:db8::1", prefix: 128, flags: IFA_FLAG.NODAD, label: undefined };
  await step(route.setUp(link, true));
  for (const address of [short, long, short]) await step(route.addAddress(address));
  await step(route.links());
  await step(route.addresses());
  for (const address of [short, long, short]) await step(route.deleteAddress({ ...address, flags: 0 }));
  await step(route.setUp(link, false));
  await step(route.deleteLink(link));
  await step(route.deleteLink(link));
  return found;
}

export async function playFou(fou: FouClient): Promise<unknown[]> {
  const gue = { port: 6080, family: AF.INET, type: FOU_TYPE.GUE, protocol: 0 } as const;
  const direct = { port: 6081, family: AF.INET6, type: FOU_TYPE.DIRECT, protocol: 41 } as const;
  await fou.add(gue);
  await fou.add(direct);
  const ports = await fou.ports();
  const again = await fou.add(gue).catch((error: unknown) => (error instanceof NetlinkError ? `errno ${error.errno}` : "another failure"));
  await fou.delete(direct);
  await fou.delete(gue);
  return [ports, again, await fou.ports()];
}
