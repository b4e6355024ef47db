/**
 * Node.js 14, 16 and 18, from npm: the set-up refuses them before it installs anything, and each program before it
 * loads its bundle, in one line that names both versions. LAB_SHARE=N, where N is more than 1: 14 alone.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { Report } from "../differential/suites/suite";
import { SHARE } from "../lab/share";

const VERSIONS = ["14.21.3", "16.20.2", "18.20.8"];
/** Of the tree, what the set-up reads until it refuses. */
const SET_UP = ["package.json", "package-lock.json", "src/check-node.cjs", "test/setup", "test/run", "test/clusters", "test/lab"];

const { scripts, engines } = JSON.parse(readFileSync("package.json", "utf8")) as {
  scripts: { postinstall: string; demo: string; test: string };
  engines: { node: string };
};
const wanted = engines.node.replace(">=", "");

/** What the package "node" of npm is for this processor: the folder of its program. */
function download(version: string, folder: string): string {
  const place = join(folder, version);
  mkdirSync(place);
  const name = `node-linux-${process.arch}`;
  execFileSync("npm", ["install", "--prefix", place, "--no-audit", "--no-fund", "--loglevel=error", `${name}@${version}`], { stdio: "pipe" });
  return join(place, "node_modules", name, "bin");
}

function main(): boolean {
  const folder = mkdtempSync(join(tmpdir(), "old-node-"));
  const report = new Report();
  try {
    const clone = join(folder, "clone");
    for (const path of SET_UP) cpSync(path, join(clone, path), { recursive: true });
    const before = readdirSync(clone).join();
    for (const version of SHARE > 1 ? VERSIONS.slice(0, 1) : VERSIONS) {
      const PATH = [download(version, folder), process.env["PATH"]].join(delimiter);
      const check = (what: string, [word = "", ...words]: readonly string[], cwd: string, speaker: string, expected: number): void => {
        const { stdout, stderr, status } = spawnSync(word, words, { encoding: "utf8", cwd, env: { ...process.env, PATH } });
        const line = `${speaker}: Node.js ${version} is too old: ${wanted} or newer is needed\n`;
        const right = stdout === "" && stderr === line && status === expected;
        report.note(`Node.js ${version}: ${what}`, right ? [] : [`status ${status}, stdout ${JSON.stringify(stdout)}, stderr ${JSON.stringify(stderr)}`]);
      };
      check("npm run demo", ["sh", "-c", scripts.demo], clone, "setup", 1);
      check("npm test", ["sh", "-c", scripts.test], clone, "setup", 1);
      report.note(`Node.js ${version}: nothing is installed before`, readdirSync(clone).join() === before ? [] : [readdirSync(clone).join()]);
      check("npm install -g, which runs postinstall", ["sh", "-c", scripts.postinstall], process.cwd(), "ipvsadm", 1);
      for (const name of readdirSync("bin")) check(`${name} -h`, [join("bin", name), "-h"], process.cwd(), name, name.startsWith("lvs-") ? 1 : 2);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  console.log(`old-node: ${report.passed} passed, ${report.failed} failed`);
  return report.failed === 0;
}

process.exit(main() ? 0 : 1);
