/**
 * The Debian package (npm run build:deb), from the build to the purge: made twice, looked at by lintian, installed by apt
 * beside ldirectord in a fresh debootstrap, booted and used there in the lab's kernel, upgraded, removed and purged; and
 * in the place of Debian's ipvsadm, there and back. As root, with a network.
 */
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { Cases, same } from "./cases";
import { Debian, must, treeOf } from "./debian";

/** As dpkg and as file(1) call them. */
const ARCHITECTURES = { amd64: "x86-64", arm64: "ARM aarch64" } as const;
type Architecture = keyof typeof ARCHITECTURES;

const PAGES = ["ipvsadm", "ipvsadm-save", "ipvsadm-restore", "ipvsadm-service", "lvs-realserver", "lvs-director"];
const OPTIONS = "/etc/default/ipvsadm";
const RULES = "/etc/ipvsadm.rules";
const WEB = "-A -t 10.99.0.100:80 -s wrr\n";

/** What npm says of a package that it would make. */
const PACKED = z.array(z.object({ files: z.array(z.object({ path: z.string() })) }));

async function main(): Promise<boolean> {
  execFileSync("test/lab/packages", ["deb"], { stdio: ["ignore", "ignore", "inherit"] });
  const cases = new Cases();
  // Not below /tmp, which is the lab's own in the lab.
  const folder = mkdtempSync("/var/tmp/ipvsadm-package-");
  const clean = (): void => rmSync(folder, { recursive: true, force: true });
  process.once("exit", clean);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

  const deb = await built(cases, folder);
  if (deb !== undefined) {
    const debian = Debian.bootstrap(join(folder, "debian"));
    const director = debian.copy(join(folder, "director"));
    await installed(cases, debian, deb);
    await alive(cases, debian, deb);
    await replaces(cases, director, deb);
  }
  console.log(`package: ${cases.passed} passed, ${cases.failed} failed`);
  return cases.failed === 0;
}

const place = (deb: string): string => `/var/${basename(deb)}`;

/** This machine's package, where it could be made. */
async function built(cases: Cases, folder: string): Promise<string | undefined> {
  const native = must("dpkg", ["--print-architecture"]).trim();
  let found: string | undefined;
  for (const architecture of Object.keys(ARCHITECTURES) as Architecture[]) {
    await cases.attempt(`${architecture}: npm run build:deb, twice the same bytes`, () => {
      const deb = build(architecture);
      const sum = sha256(deb);
      if (architecture === native) found = deb;
      return same("sha256", [sum], [sha256(build(architecture))]);
    });
    await cases.attempt(`${architecture}: executables are for ${ARCHITECTURES[architecture]}`, () => {
      const deb = debOf(architecture);
      const tree = join(folder, architecture);
      must("dpkg-deb", ["--extract", deb, tree]);
      const problems = [
        ...same("Architecture", [architecture], [must("dpkg-deb", ["--field", deb, "Architecture"]).trim()]),
        ...(must("file", ["--brief", join(tree, "usr/sbin/ipvsadm")]).includes(ARCHITECTURES[architecture]) ? [] : ["it is not, says file"]),
      ];
      rmSync(tree, { recursive: true });
      return problems;
    });
    await cases.attempt(`${architecture}: lintian has no error and no warning`, () => {
      const lintian = ["--allow-root", "--no-cfg", "--fail-on", "error,warning", debOf(architecture)];
      return same("lintian", [""], [must("lintian", lintian)]);
    });
  }
  await cases.attempt("npm pack: programs, bundles, licences, manual and system, none of what else was built", () => {
    const packed = PACKED.parse(JSON.parse(must("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"])));
    const files = packed.flatMap(({ files }) => files.map(({ path }) => path));
    return same("strange", [], files.filter((path) => !/^(?:(?:bin|guides|man|system)\/.*|dist\/[\w-]+\.cjs|dist\/third-party-licences\.txt|package\.json|README\.md|LICENSE)$/.test(path)));
  });
  return found;
}

function build(architecture: Architecture): string {
  must("npm", ["run", "--silent", "build:deb", "--", architecture]);
  return debOf(architecture);
}

function debOf(architecture: Architecture): string {
  const version = /^\S+ \(([^)]+)\)/.exec(readFileSync("packaging/debian/changelog", "utf8"))?.[1];
  return `dist/deb/ipvsadm-ts_${version}_${architecture}.deb`;
}

const sha256 = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex");

async function installed(cases: Cases, debian: Debian, deb: string): Promise<void> {
  debian.put(deb, place(deb));
  writeFileSync(`${debian.root}.before`, treeOf(debian.root).join("\n"));
  await cases.attempt(`apt-get install ./${basename(deb)} ldirectord: without Debian's ipvsadm`, () => {
    debian.apt("install", place(deb), "ldirectord");
    return same("states", ["installed", "installed", ""], debian.states("ipvsadm-ts", "ldirectord", "ipvsadm"));
  });
  await cases.attempt("every file is as the package has it", () => same("dpkg --verify", [""], [debian.must("dpkg", "--verify", "ipvsadm-ts")]));
  for (const page of PAGES) {
    await cases.attempt(`man ${page}`, () => {
      const text = debian.must("man", "-P", "cat", "8", page);
      return text.includes("SYNOPSIS") && text.startsWith(page.toUpperCase()) ? [] : [text.slice(0, 300)];
    });
  }
}

/** In the lab's kernel, by inside.ts. */
async function alive(cases: Cases, debian: Debian, deb: string): Promise<void> {
  const { passed, failed } = cases;
  debian.startsServices();
  const words = ["--timeout", "7200", "--", "node", "build/package/inside.cjs", debian.root, place(deb), `${debian.root}.before`];
  const lab = spawn("test/lab/run", words, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<number | null>((resolve) => lab.once("close", resolve));
  for await (const line of createInterface({ input: lab.stdout })) cases.relay(line);
  const status = await ended;
  if (status !== 0 || cases.passed + cases.failed === passed + failed) cases.note("in the lab, to the end", [`status ${status}`]);
}

/** On a machine with Debian's ipvsadm, which restores rules at boot; and back to it. */
async function replaces(cases: Cases, director: Debian, deb: string): Promise<void> {
  director.put(deb, place(deb));
  const states = (): string[] => director.states("ipvsadm-ts", "ipvsadm");
  // That configuration is changed, it says too.
  const whole = (name: string): string[] =>
    same("dpkg --verify", [], director.must("dpkg", "--verify", name).split("\n").filter((line) => line !== "" && !line.includes(" c ")));
  const runs = (): string[] => same("which runs", ["ipvsadm v1.31"], [director.must("ipvsadm", "-v").split(" ").slice(0, 2).join(" ")]);
  const kept = (): string[] => [
    ...same(OPTIONS, ['AUTO="true"'], director.read(OPTIONS).match(/^AUTO=.*$/m) ?? []),
    ...same(RULES, [WEB], [director.read(RULES)]),
  ];
  const diversions = (): string[] => same("diversions", [""], [director.must("dpkg-divert", "--list", "ipvsadm-ts")]);

  await cases.attempt("in the place of Debian's ipvsadm, by apt: its options and rules are kept", () => {
    director.apt("install", "ipvsadm");
    director.write(OPTIONS, director.read(OPTIONS).replace(/^AUTO=.*$/m, 'AUTO="true"'));
    director.write(RULES, WEB);
    director.apt("install", place(deb));
    return [...same("states", ["installed", "config-files"], states()), ...whole("ipvsadm-ts"), ...runs(), ...kept(), ...diversions()];
  });
  await cases.attempt("back to Debian's, and ours purged: Debian's is whole", () => {
    director.apt("install", "ipvsadm");
    director.must("dpkg", "--purge", "ipvsadm-ts");
    return [...same("states", ["", "installed"], states()), ...whole("ipvsadm"), ...kept()];
  });
  await cases.attempt("in the place of Debian's ipvsadm, by dpkg alone", () => {
    director.must("dpkg", "--force-confold", "--install", place(deb));
    return [...same("states", ["installed", "config-files"], states()), ...whole("ipvsadm-ts"), ...runs(), ...kept(), ...diversions()];
  });
}

main().then(
  (good) => process.exit(good ? 0 : 1),
  (error: unknown) => {
    console.error(`package: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  },
);
