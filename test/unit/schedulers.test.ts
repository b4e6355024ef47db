import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type SchedulerName, schedulerOf } from "../clusters/schedulers";
import { fold, hash32, sipHash13 } from "../clusters/schedulers/hash";
import { foretellLots } from "../clusters/schedulers/lots";
import type { Connection } from "../clusters/schedulers/model";
import { VirtualService } from "../clusters/schedulers/service";
import { leaves, predict, stays, type Traffic, visits } from "../clusters/schedulers/traffic";

const from = (client: string, clientPort = 0, destination = "10.0.0.38"): Connection => ({ client, clientPort, destination });
const clients = (count: number): Connection[] =>
  Array.from({ length: count }, (_, index) => from(`10.1.${index >> 8}.${index & 255}`));
const same = (count: number): Connection[] => Array.from({ length: count }, () => from("10.1.0.1"));

/** Servers A, B, C ... with these weights; the kernel's order, which schedulers see, is A first. */
const service = (name: SchedulerName, weights: readonly number[], flags: readonly string[] = []): VirtualService => {
  const settings = weights.map((weight, index) => ({
    name: String.fromCharCode(65 + index),
    address: `10.0.0.${index + 1}`,
    port: 80,
    weight,
  }));
  return VirtualService.of(schedulerOf(name, flags), settings.reverse());
};

const answers = (name: SchedulerName, weights: readonly number[], traffic: Traffic, flags: readonly string[] = []): string =>
  predict(service(name, weights, flags), traffic).map((answer) => answer || "-").join("");

test("hashes have the values that are known of them", () => {
  assert.equal(hash32(1, 8), 0x61);
  assert.equal(hash32(1, 10), 0x61c88647 >>> 22);
  // The kernel's own test vector for four bytes, 00 01 02 03, with the key 00 01 ... 0f.
  assert.equal(sipHash13(0x03020100, [0x0706050403020100n, 0x0f0e0d0c0b0a0908n]), 0x88d38328);
  assert.equal(fold("1.2.3.4"), 0x01020304);
  assert.equal(fold("255.255.255.255"), 0xffffffff);
  assert.equal(fold("2001:db8::ff00:1"), (0x20010db8 ^ 0xff000001) >>> 0);
});

test("rr takes turns, and passes over servers of weight 0", () => {
  assert.equal(answers("rr", [1, 1, 1], visits(same(7))), "ABCABCA");
  assert.equal(answers("rr", [9, 0, 1], visits(same(5))), "ACACA");
  assert.equal(answers("rr", [0, 0], visits(same(2))), "--");
});

test("wrr gives heavy servers more turns, spread over the round", () => {
  // From the first server's addition on, a round requires a weight of 1.
  assert.equal(answers("wrr", [4, 3, 2], visits(same(18))), "ABCAABABC".repeat(2));
  assert.equal(answers("wrr", [2, 4, 0], visits(same(6))), "ABBABB");
  assert.equal(answers("wrr", [0, 0], visits(same(1))), "-");
});

test("property: in two whole rounds of wrr each server has as many turns as it weighs, less the common factor", () => {
  const weights = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(weights, fc.integer({ min: 1, max: 5 }), (chosen, factor) => {
      const sum = chosen.reduce((total, weight) => total + weight, 0);
      const found = answers("wrr", chosen.map((weight) => weight * factor), visits(same(sum * 2)));
      for (const [index, weight] of chosen.entries()) {
        const turns = [...found].filter((letter) => letter === String.fromCharCode(65 + index)).length;
        assert.equal(turns, weight * 2, `of weights ${chosen.join(":")}: ${found}`);
      }
    }),
  );
});

test("lc counts connections, wlc divides them by weight", () => {
  assert.equal(answers("lc", [1, 9, 0], stays(same(4))), "ABAB");
  assert.equal(answers("wlc", [1, 3], stays(same(8))), "ABBBABBB");
  assert.equal(answers("lc", [1, 1], [...stays(same(2)), ...leaves(0), ...visits(same(3), 2)]), "ABAAA");
});

test("sed adds the new connection, nq takes an idle server first", () => {
  assert.equal(answers("sed", [1, 3], stays(same(5))), "BBABB");
  assert.equal(answers("nq", [1, 3], stays(same(5))), "ABBBB");
});

test("fo takes the heaviest, ovf until it has more than its weight", () => {
  assert.equal(answers("fo", [1, 5, 5], visits(same(3))), "BBB");
  assert.equal(answers("ovf", [1, 2], stays(same(6))), "BBBAA-");
});

test("sh deals 256 places out by weight; a fallback moves only the clients of a quiesced server", () => {
  const everyone = clients(4000);
  const plain = service("sh", [3, 1]);
  const before = predict(plain, visits(everyone));
  const share = before.filter((answer) => answer === "A").length / everyone.length;
  assert.ok(Math.abs(share - 0.75) < 0.05, String(share));
  for (const [name, weights] of [["sh", [1, 1, 1]], ["mh", [1, 2, 3]]] as const) {
    const refusing = service(name, weights);
    const falling = service(name, weights, [`${name}-fallback`]);
    const first = predict(refusing, visits(everyone));
    assert.deepEqual(predict(falling, visits(everyone)), first);
    refusing.edit("B", 0);
    falling.edit("B", 0);
    assert.deepEqual(predict(refusing, visits(everyone)), first.map((answer) => (answer === "B" ? "" : answer)));
    const other = predict(falling, visits(everyone));
    assert.deepEqual(other.filter((answer, index) => first[index] !== "B" && answer !== first[index]), []);
    assert.deepEqual(other.filter((answer) => answer === "B" || answer === ""), []);
  }
});

test("with a port in the hash, one client is spread", () => {
  const ports = Array.from({ length: 200 }, (_, index) => from("10.1.0.1", 30_000 + index));
  for (const name of ["sh", "mh"] as const) {
    assert.equal(new Set(answers(name, [1, 1, 1], visits(ports))).size, 1);
    assert.equal(new Set(answers(name, [1, 1, 1], visits(ports), [`${name}-port`])).size, 3);
  }
});

test("mh shares by weight, and a server more takes its share and little else", () => {
  const everyone = clients(4000);
  const three = answers("mh", [1, 1, 2], visits(everyone));
  const share = [...three].filter((letter) => letter === "C").length / everyone.length;
  assert.ok(Math.abs(share - 0.5) < 0.04, String(share));
  const four = answers("mh", [1, 1, 2, 1], visits(everyone));
  const moved = [...four].filter((letter, index) => letter !== "D" && letter !== three[index]).length / everyone.length;
  assert.ok(moved < 0.05, `${moved} went from one old server to another`);
  // In sh's table everything moves.
  const dealt = [answers("sh", [1, 1, 2], visits(everyone)), answers("sh", [1, 1, 2, 1], visits(everyone))] as const;
  const shuffled = [...dealt[1]].filter((letter, index) => letter !== "D" && letter !== dealt[0][index]).length / everyone.length;
  assert.ok(shuffled > 0.4, String(shuffled));
});

test("dh hashes the destination", () => {
  const destinations = Array.from({ length: 100 }, (_, index) => from("10.1.0.1", 0, `10.2.0.${index}`));
  const once = answers("dh", [1, 1, 1], visits(destinations));
  assert.equal(new Set(once).size, 3);
  assert.equal(answers("dh", [5, 1, 1], visits([...destinations, ...destinations])), once.repeat(2));
});

test("lblc moves a destination whose server has too much to do, lblcr gives it one more", () => {
  // A until it has more than its weight, 2, while B has less than half of its own.
  assert.equal(answers("lblc", [2, 2], stays(same(8))), "AAABBBBB");
  const traffic: Traffic = [...stays(same(4)), ...leaves(0, 1), ...stays(same(2), 4)];
  assert.equal(answers("lblc", [2, 2], traffic), "AAABBB");
  assert.equal(answers("lblcr", [2, 2], traffic), "AAABBA");
});

test("a twos server's share goes with its weight", () => {
  const servers = [1, 2].map((weight) => ({ name: String(weight), address: `10.0.0.${weight}`, port: 80, weight }));
  const [light, heavy] = foretellLots(servers, stays(same(60)));
  assert.ok(light !== undefined && heavy !== undefined);
  assert.ok(Math.abs(light.mean + heavy.mean - 60) < 1e-9);
  assert.ok(Math.abs(heavy.mean - 40) < 2, String(heavy.mean));
});
