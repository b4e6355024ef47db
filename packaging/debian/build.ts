/**
 * Makes dist/deb/ipvsadm-ts_VERSION_ARCHITECTURE.deb of the standalone executable: "npm run build:deb" for this
 * machine's architecture, "npm run build:deb -- arm64" for another. The executable lays its files itself (--install);
 * what makes them a package is beside this file. The same sources make the same bytes.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { gzipSync } from "node:zlib";
import { licencesOf } from "../../src/licences.mjs";
import { bundled } from "./bundled";
import { MACHINE, needsOf } from "./elf";

const NAME = "ipvsadm-ts";
const HERE = "packaging/debian";
const OUTPUT = "dist/deb";
/** Its name is in it, too: another would make other bytes. */
const EXECUTABLE = "ipvsadm";

type Architecture = keyof typeof MACHINE;
/** Each as Bun and as Node call it. */
const TARGETS: Record<Architecture, { readonly bun: string; readonly node: string }> = {
  amd64: { bun: "bun-linux-x64", node: "x64" },
  arm64: { bun: "bun-linux-arm64", node: "arm64" },
};
const isArchitecture = (name: string): name is Architecture => Object.hasOwn(TARGETS, name);

/** The files of libc6; no other library has a package here that we would know. */
const LIBC6 = /^(?:libc|libm|libdl|libpthread|librt|ld-linux-(?:x86-64|aarch64))\.so\.\d+$/;

/** Levels up to 6 save a tenth of the size, for five times the time. */
const COMPRESSION = ["-Zxz", "-z1"];

/**
 * As Debian's ipvsadm has it: whoever has its service installed, and rules in /etc/ipvsadm.rules that somebody else
 * keeps alive, is not to find them restored after this package came.
 */
const OPTIONS = "etc/default/ipvsadm";
const AUTO = 'AUTO="true"\n';
const NOT_AUTO = '# Until this says true, this package leaves the table alone.\nAUTO="false"\n';

const SCRIPTS = ["preinst", "postinst", "prerm", "postrm"] as const;

const source = (name: string): string => readFileSync(join(HERE, name), "utf8");
const run = (program: string, args: readonly string[], env = process.env): string =>
  execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"], env });

async function main(words: readonly string[]): Promise<void> {
  const native = Object.keys(TARGETS).filter(isArchitecture).find((name) => TARGETS[name].node === process.arch);
  const [architecture = native, ...more] = words;
  if (architecture === undefined || !isArchitecture(architecture) || more.length > 0) {
    throw new Error(`npm run build:deb [-- ${Object.keys(TARGETS).join("|")}]`);
  }
  process.umask(0o022);
  const { version, date, maintainer } = changelog();
  const work = join(OUTPUT, `${architecture}.work`);
  rmSync(work, { recursive: true, force: true });
  const root = join(work, "root");
  mkdirSync(root, { recursive: true });

  const executable = join(root, "usr/sbin", EXECUTABLE);
  const layer = join(work, EXECUTABLE);
  compile(layer);
  run(layer, ["--install", root]);
  // Only this machine's own could lay the files here.
  if (architecture !== native) compile(executable, `--target=${TARGETS[architecture].bun}`);
  const libraries = libc6For(executable, architecture);

  compressManual(join(root, "usr/share/man/man8"));
  replaceOnce(join(root, OPTIONS), AUTO, NOT_AUTO);
  lay(join(root, "usr/share/doc", NAME, "copyright"), await copyright());
  lay(join(root, "usr/share/doc", NAME, "changelog.Debian.gz"), compressed(filled("changelog", { MAINTAINER: maintainer })));
  lay(join(root, "usr/share/lintian/overrides", NAME), source("lintian-overrides"));
  for (const guide of readdirSync("guides")) lay(join(root, "usr/share/doc", NAME, "guides", guide), readFileSync(join("guides", guide)));

  const files = filesBelow(root);
  const control = {
    VERSION: version,
    ARCHITECTURE: architecture,
    MAINTAINER: maintainer,
    INSTALLED_SIZE: String(files.reduce((sum, file) => sum + kilobytes(join(root, file)), 0)),
    LIBRARIES: libraries,
  };
  const configuration = files.filter((file) => file.startsWith("etc/"));
  const sums = files.filter((file) => !file.startsWith("etc/") && lstatSync(join(root, file)).isFile());
  lay(join(root, "DEBIAN/control"), filled("control", control));
  lay(join(root, "DEBIAN/conffiles"), configuration.map((file) => `/${file}\n`).join(""));
  lay(join(root, "DEBIAN/md5sums"), sums.map((file) => `${md5(join(root, file))}  ${file}\n`).join(""));
  for (const script of SCRIPTS) lay(join(root, "DEBIAN", script), source(script), 0o755);

  const deb = join(OUTPUT, `${NAME}_${version}_${architecture}.deb`);
  const epoch = process.env["SOURCE_DATE_EPOCH"] ?? String(date / 1000);
  run("dpkg-deb", ["--root-owner-group", ...COMPRESSION, "--build", root, deb], { ...process.env, SOURCE_DATE_EPOCH: epoch });
  rmSync(work, { recursive: true });
  console.log(`${deb}: ${(statSync(deb).size / 1e6).toFixed(1)} MB`);
}

/** src/standalone/build has Bun's options; of an option that comes twice, the last counts. */
function compile(executable: string, ...options: string[]): void {
  run("npm", ["run", "--silent", "build:standalone", "--", ...options, `--outfile=${executable}`]);
}

/** The newest entry's: its version is that of package.json, with Debian's revision behind it; the maintainer is package.json's author. */
function changelog(): { version: string; date: number; maintainer: string } {
  const text = source("changelog");
  const version = /^\S+ \(([^)]+)\)/.exec(text)?.[1];
  const date = Date.parse(/^ -- .*?  (.*)$/m.exec(text)?.[1] ?? "");
  const { version: wanted, author: maintainer } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string; author: string };
  if (version === undefined || !version.startsWith(`${wanted}-`)) {
    throw new Error(`${HERE}/changelog: its newest entry is ${String(version)}, and package.json has ${wanted}`);
  }
  if (Number.isNaN(date)) throw new Error(`${HERE}/changelog: its newest entry has no date`);
  return { version, date, maintainer };
}

async function copyright(): Promise<string> {
  const own = filled("copyright", { LICENSE: readFileSync("LICENSE", "utf8").trim(), BUN: bunVersion() });
  return `${own}\n${licencesOf([await bundled()])}`;
}

const bunVersion = (): string => run("bun", ["--version"]).trim();

/** The dependency on libc6: of the newest version whose symbols it needs. */
function libc6For(executable: string, architecture: Architecture): string {
  const { machine, libraries, versions } = needsOf(executable);
  if (machine !== MACHINE[architecture]) throw new Error(`${executable} is for machine ${machine} of ELF, which is not ${architecture}`);
  const strange = [...libraries.filter((name) => !LIBC6.test(name)), ...versions.filter((name) => !/^GLIBC_2\.\d+(\.\d+)?$/.test(name))];
  if (strange.length > 0) throw new Error(`${executable} needs ${strange.join(", ")}, which libc6 has not: which package does?`);
  const newest = Math.max(...versions.map((name) => Number(name.split(".")[1])));
  return `libc6 (>= 2.${newest})`;
}

function lay(path: string, contents: string | Buffer, mode = 0o644): void {
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, contents);
  chmodSync(path, mode);
}

/** As gzip -9n does it: neither a name nor a time, and "best" in the header. */
function compressed(text: string | Buffer): Buffer {
  return gzipSync(text, { level: 9 });
}

function compressManual(folder: string): void {
  for (const page of readdirSync(folder)) {
    lay(join(folder, `${page}.gz`), compressed(readFileSync(join(folder, page))));
    rmSync(join(folder, page));
  }
}

function replaceOnce(path: string, from: string, to: string): void {
  const parts = readFileSync(path, "utf8").split(from);
  if (parts.length !== 2) throw new Error(`${path} has ${parts.length - 1} lines ${from.trim()}`);
  writeFileSync(path, parts.join(to));
}

function filled(file: string, values: Readonly<Record<string, string>>): string {
  return source(file).replace(/@(\w+)@/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`${HERE}/${file}: there is no @${name}@`);
    return value;
  });
}

/** All but folders, by their paths in the package. */
function filesBelow(root: string, folder = root): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() ? filesBelow(root, join(folder, entry.name)) : [relative(root, join(folder, entry.name))]))
    .sort();
}

/** As Debian's policy counts them; folders are too few to matter. */
const kilobytes = (path: string): number => {
  const stat = lstatSync(path);
  return stat.isFile() ? Math.ceil(stat.size / 1024) : 1;
};

const md5 = (path: string): string => createHash("md5").update(readFileSync(path)).digest("hex");

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(`build:deb: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
