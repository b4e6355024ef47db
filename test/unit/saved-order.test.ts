/** The order of what is saved hangs on what there is, and not on the order in which the kernel lists it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { ServerKey, ServiceKey } from "../../src/ipvs/model";
import { serverId, serviceId } from "../../src/ipvs/table";
import { orderedServers, orderedServices } from "../../src/save-restore/order";
import { server, service } from "./arbitraries";

const unlike = <T>(key: fc.Arbitrary<T>, id: (one: T) => string): fc.Arbitrary<[some: T[], shuffled: T[]]> =>
  fc.uniqueArray(key, { selector: id, maxLength: 12 }).chain((some) => fc.tuple(fc.constant(some), fc.shuffledSubarray(some, { minLength: some.length })));

test("property: services are saved in one order", () => {
  fc.assert(
    fc.property(unlike<ServiceKey>(service, serviceId), ([some, shuffled]) => {
      assert.deepEqual(orderedServices(shuffled).map(serviceId), orderedServices(some).map(serviceId));
    }),
  );
});

test("property: servers are saved in one order", () => {
  fc.assert(
    fc.property(unlike<ServerKey>(server, serverId), ([some, shuffled]) => {
      assert.deepEqual(orderedServers(shuffled).map(serverId), orderedServers(some).map(serverId));
    }),
  );
});
