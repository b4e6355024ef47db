/** The table that rules describe. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Lines } from "../../src/save-restore/lines";
import { parseRules } from "../../src/save-restore/parse-rules";
import { Wanted } from "../../src/save-restore/wanted";
import { NO_NAMES } from "./parsing";

async function read(...lines: string[]) {
  const context = { program: "ipvsadm", posix: () => false, names: NO_NAMES };
  const wanted = new Wanted(false);
  const unread = await parseRules(new Lines(Buffer.from(lines.join("\n")), { comments: "indented" }), context, {
    rule: (rule, afterUnread) => wanted.add(rule, afterUnread),
  });
  return { wanted, unread, problems: wanted.problems };
}

/** Each differs from the one before in one part of what tells services apart. */
const NEIGHBOURS = [
  "-t 10.0.0.1:80",
  "-u 10.0.0.1:80",
  "-u 10.0.0.1:81",
  "-u 10.0.0.2:81",
  "-u [a00:2::]:81",
  "-u [a00:2::1:0:0]:81",
  "-u [a00:2::1:0]:81",
  "-u [a00:2::1]:81",
  "-f 5",
  "-f 5 -6",
  "-f 6 -6",
];

test("services that differ in one part are different services", async () => {
  const { wanted, problems } = await read(...NEIGHBOURS.map((service) => `-A ${service}`), ...NEIGHBOURS.map((service) => `-a ${service} -r ${/-6|\[/.test(service) ? "::9" : "10.9.9.9"}`));
  assert.deepEqual(problems, []);
  assert.equal(wanted.table.services.size, NEIGHBOURS.length);
  for (const { servers } of wanted.table.services.values()) assert.equal(servers.size, 1);
});

test("a part of the table is where its line stood", async () => {
  const { wanted } = await read("# a comment", "  -A -t 10.0.0.1:80", "", "ipvsadm -a -t 10.0.0.1:80 -r 10.9.9.9");
  assert.deepEqual([...wanted.places.values()], [{ line: 2, column: 3 }, { line: 4, column: 9 }]);
});

test("what the kernel would refuse is said with its place", async () => {
  const { problems } = await read("-A -t 10.0.0.1:80", "-A -t 10.0.0.1:80", " -a -u 10.0.0.1:80 -r 10.9.9.9");
  assert.deepEqual(problems, [
    { line: 2, column: 1, message: "Service already exists" },
    { line: 3, column: 2, message: "Service not defined" },
  ]);
});

test("what a line misses that an unread one may have had is nobody's fault", async () => {
  const { problems, unread } = await read("-a -t 10.0.0.1:80 -r 10.9.9.9", "-A -t 10.0.0.1:80 --bogus", "-a -t 10.0.0.1:80 -r 10.9.9.9", "-A -u 10.0.0.1:80", "-A -u 10.0.0.1:80");
  assert.deepEqual(unread.map(({ line }) => line), [2]);
  assert.deepEqual(problems.map(({ line, message }) => [line, message]), [[1, "Service not defined"], [5, "Service already exists"]]);
});

test("so it is behind bytes that could not be read", async () => {
  const { problems, unread } = await read("-A -t 10.0.0.1:80\0", "-a -t 10.0.0.1:80 -r 10.9.9.9");
  assert.deepEqual(unread.map(({ line }) => line), [1]);
  assert.deepEqual(problems, []);
});
