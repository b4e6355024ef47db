/** The standalone executable, dist/standalone/ipvsadm, as a process. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, constants, existsSync, lstatSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, readlinkSync, readSync, rmSync, statSync, symlinkSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { VERSION_NUMBER } from "../../src/version-number";

const EXECUTABLE = resolve("dist/standalone/ipvsadm");
const folder = mkdtempSync(join(tmpdir(), "standalone-"));
after(() => rmSync(folder, { recursive: true }));

function run(program: string, words: readonly string[], cwd = folder) {
  const { status, stdout, stderr } = spawnSync(program, words, { cwd, encoding: "utf8" });
  return { status, stdout, stderr };
}

const VERSION = run(EXECUTABLE, ["-v"]);

test("it is there (npm run build:standalone), and is ipvsadm", () => {
  assert.deepEqual({ ...VERSION, stdout: VERSION.stdout.split(" ", 2).join(" ") }, { status: 0, stdout: "ipvsadm v1.31", stderr: "" });
});

test("what is called least is in another bundle, and begins with the same words", () => {
  const called = join(folder, "ipvsadm");
  symlinkSync(EXECUTABLE, called);
  assert.match(run(called, ["-h"]).stdout, /^ipvsadm v1\.31/);
  assert.deepEqual(run(called, ["-R"]), { status: 0, stdout: "", stderr: "" });
  assert.deepEqual(run(called, ["-R", "extra"]), { status: 2, stdout: "", stderr: "unexpected argument extra\n" });
});

test("a full pipe that does not block is waited for", async () => {
  const pipe = join(folder, "pipe");
  spawnSync("mkfifo", [pipe]);
  const end = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
  let filled = 0;
  assert.throws(() => {
    for (;;) filled += writeSync(end, Buffer.alloc(4096));
  }, { code: "EAGAIN" });
  const child = spawn(EXECUTABLE, ["-v"], { stdio: ["ignore", end, "inherit"] });
  const ended = once(child, "exit");
  await setTimeout(300);
  assert.equal(child.exitCode, null);
  readSync(end, Buffer.alloc(filled));
  assert.deepEqual(await ended, [0, null]);
  const text = Buffer.alloc(4096);
  assert.equal(text.toString("utf8", 0, readSync(end, text)), VERSION.stdout);
  closeSync(end);
});

test("what lies in the folder that it is run in is not run", () => {
  const hostile = join(folder, "hostile");
  mkdirSync(hostile);
  const evil = `require("fs").writeFileSync(${JSON.stringify(join(folder, "evil-was-here"))}, ""); console.log("evil");`;
  const files = {
    "evil.js": evil,
    ".env": "BUN_OPTIONS=--preload=./evil.js\nNODE_OPTIONS=--require=./evil.js\nPOSIXLY_CORRECT=1\n",
    "bunfig.toml": 'preload = ["./evil.js"]\n[run]\nbun = true\n',
    "package.json": '{ "main": "evil.js", "imports": { "#native-socket": "./evil.js" } }',
    "tsconfig.json": '{ "compilerOptions": { "paths": { "*": ["./evil.js"] } } }',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(hostile, name), text);
  assert.deepEqual(run(EXECUTABLE, ["-v"], hostile), VERSION);
  // With POSIXLY_CORRECT, which the file sets, popt would stop at the first argument.
  assert.match(run(EXECUTABLE, ["-L", "extra", "--bogus"], hostile).stderr, /bogus/);
  assert.ok(!readdirSync(folder).includes("evil-was-here"));
});

const begun = (name: string): string => {
  const link = join(folder, name);
  if (!existsSync(link)) symlinkSync(EXECUTABLE, link);
  return link;
};

test("under a limit of the address space the programs do what they do without one", () => {
  const limited = (name: string, words: readonly string[], input = "") => {
    const command = `ulimit -v 1000000; exec ${begun(name)} ${words.join(" ")}`;
    const { status, stdout, stderr } = spawnSync("sh", ["-c", command], { cwd: folder, encoding: "utf8", input });
    return { status, stdout, stderr };
  };
  assert.deepEqual(limited("ipvsadm", ["-v"]), VERSION);
  assert.deepEqual(limited("ipvsadm", ["-L", "extra"]), { status: 2, stdout: "", stderr: "unexpected argument extra\n" });
  // What comes by standard input is not lost.
  const bad = { status: 2, stdout: "", stderr: "ipvsadm-restore: stdin:1:18: unexpected argument x\n" };
  assert.deepEqual(limited("ipvsadm-restore", ["--test"], "-A -t 1.2.3.4:80 x\n"), bad);
  // Netlink is asked.
  const none = "lvs-director: no VIP was started here: there is nothing to stop\n";
  assert.deepEqual(limited("lvs-director", ["stop", "--all", "--dry-run"]), { status: 0, stdout: "", stderr: none });
});

/** As systemd does it for MemoryDenyWriteExecute=: a filter of system calls, by which mmap(2) of such memory is EPERM. */
const DENY = `
my ($mmap, $prctl) = $ENV{MACHINE} eq "arm64" ? (222, 167) : (9, 157);
my $filter = pack("SCCL" x 7, 0x20,0,0,0, 0x15,0,3,$mmap, 0x20,0,0,32, 0x54,0,0,6, 0x15,1,0,6, 0x06,0,0,0x7fff0000, 0x06,0,0,0x50001);
my $program = pack("Sx6P", 7, $filter);
syscall($prctl, 38, 1, 0, 0, 0) == 0 && syscall($prctl, 22, 2, $program, 0, 0) == 0 or die "no filter: $!";
exec { $ARGV[0] } @ARGV or die;`;

test("where memory cannot be made executable, help, version and usage are answered, and one line says what cannot be done", () => {
  const denied = (name: string, words: readonly string[], input = "") => {
    const env = { ...process.env, MACHINE: process.arch };
    const { status, stdout, stderr } = spawnSync("perl", ["-e", DENY, begun(name), ...words], { cwd: folder, encoding: "utf8", input, env });
    return { status, stdout, stderr };
  };
  const why = "no memory can be made executable here (MemoryDenyWriteExecute= of a unit, or a limit of the address space)";
  const socket = `opening a netlink socket: ${why}\n`;
  assert.deepEqual(denied("ipvsadm", ["-v"]), VERSION);
  assert.deepEqual(denied("ipvsadm", ["-h"]), run(begun("ipvsadm"), ["-h"]));
  assert.deepEqual(denied("ipvsadm", ["-L", "extra"]), { status: 2, stdout: "", stderr: "unexpected argument extra\n" });
  const noIpvs = { status: 2, stdout: "", stderr: `Can't initialize ipvs: ${socket}` };
  for (const words of [["-L"], ["-C"], ["-A", "-t", "192.0.2.1:80"], ["-S"]]) assert.deepEqual(denied("ipvsadm", words), noIpvs);
  assert.deepEqual(denied("ipvsadm", ["-R"], "-C\n"), noIpvs);
  assert.deepEqual(denied("ipvsadm-save", []), { ...noIpvs, stderr: `ipvsadm-save: ${noIpvs.stderr}` });
  assert.deepEqual(denied("ipvsadm-restore", [], "-C\n-A -t 192.0.2.1:80\n"), { ...noIpvs, stderr: `ipvsadm-restore: ${noIpvs.stderr}` });
  for (const name of ["lvs-realserver", "lvs-director"]) {
    assert.deepEqual(denied(name, ["status"]), { status: 1, stdout: "", stderr: `${name}: ${socket}` });
    assert.equal(denied(name, ["--help"]).stdout, run(begun(name), ["--help"]).stdout);
  }
  for (const unit of readdirSync("system").filter((file) => file.endsWith(".service"))) {
    assert.doesNotMatch(readFileSync(join("system", unit), "utf8"), /^MemoryDenyWriteExecute=/m, unit);
  }
});

const root = join(folder, "root");
const installed = (name: string): string => join(root, "usr/sbin", name);

test("--install lays everything below a folder", () => {
  mkdirSync(root);
  const { status, stdout, stderr } = run(EXECUTABLE, ["--install", root]);
  assert.deepEqual([status, stderr], [0, ""]);
  for (const path of stdout.trimEnd().split("\n")) assert.ok(lstatSync(path), path);
  assert.deepEqual(readFileSync(installed("ipvsadm")), readFileSync(EXECUTABLE));
  for (const name of ["ipvsadm-save", "ipvsadm-restore", "lvs-realserver", "lvs-director"]) {
    assert.equal(readlinkSync(installed(name)), "ipvsadm");
  }
  for (const name of readdirSync("man")) {
    assert.deepEqual(readFileSync(join(root, "usr/share/man/man8", name)), readFileSync(join("man", name)));
  }
  const completions = readFileSync("system/completions/ipvsadm.bash");
  assert.deepEqual(readFileSync(join(root, "usr/share/bash-completion/completions/lvs-director")), completions);
  assert.equal(statSync(installed("ipvsadm-service")).mode & 0o777, 0o755);
  assert.ok(readdirSync(join(root, "usr/lib/systemd/system")).includes("ipvsadm.service"));
});

test("--install again replaces the programs, and keeps the configuration", () => {
  const options = join(root, "etc/default/ipvsadm");
  writeFileSync(options, "AUTO=false\n");
  writeFileSync(installed("ipvsadm-service"), "");
  const { status, stderr } = run(installed("ipvsadm"), ["--install", root]);
  assert.equal(status, 0);
  assert.ok(stderr.includes(`${options} is there, and kept\n`), stderr);
  assert.equal(readFileSync(options, "utf8"), "AUTO=false\n");
  assert.notEqual(readFileSync(installed("ipvsadm-service"), "utf8"), "");
});

test("by its other names it is the other programs", () => {
  for (const name of ["ipvsadm-save", "ipvsadm-restore", "lvs-realserver", "lvs-director"]) {
    assert.deepEqual(run(installed(name), ["--version"]), { status: 0, stdout: `${name} ${VERSION_NUMBER}\n`, stderr: "" }, name);
    assert.match(run(installed(name), ["--bogus"]).stderr, new RegExp(`^${name}: --bogus: unknown option\nTry .${name} --help' for more information\\.\n$`), name);
  }
});

test("a bad folder gets one line that names it", () => {
  const missing = join(folder, "missing");
  const { status, stderr } = run(EXECUTABLE, ["--install", missing]);
  assert.equal(status, 1);
  assert.match(stderr, new RegExp(`^ipvsadm: --install: .*${missing}.*\n$`));
  assert.deepEqual(run(EXECUTABLE, ["--install"]), { status: 2, stdout: "", stderr: "ipvsadm: --install takes one folder: --install /\n" });
});
