import assert from "node:assert/strict";
import { constants } from "node:os";
import { test } from "node:test";
import { ERRNO } from "../../src/netlink/errors";

test("error numbers are the system's", () => {
  const system: Record<string, number> = constants.errno;
  for (const [name, number] of Object.entries(ERRNO).filter(([, number]) => typeof number === "number")) assert.equal(number, system[name], name);
});
