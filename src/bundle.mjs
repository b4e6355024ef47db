/**
 * Bundles the programs: one file each in dist/, which bin/NAME runs, and the
 * licences of what is in them beside our own. Then compiles them ahead
 * (code-cache/make.ts).
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { build } from "esbuild";
import { licencesOf } from "./licences.mjs";

/** @type {import("esbuild").BuildOptions} */
const COMMON = {
  bundle: true,
  minify: true,
  platform: "node",
  target: "node20.19",
  outdir: "dist",
  outExtension: { ".js": ".cjs" },
  logLevel: "warning",
  metafile: true,
};

/** A bundle is an expression, the function that Node would wrap it in: the launcher calls it. */
const WRAPPER = "(function(exports,require,module,__filename,__dirname){";

/** @type {import("esbuild").BuildOptions} */
const PROGRAM = {
  ...COMMON,
  // What is loaded late is in the bundle, and runs late.
  supported: { "dynamic-import": false },
  alias: { "node-gyp-build": "./src/netlink/prebuilt-addon.cts" },
  footer: { js: "})" },
};

mkdirSync("dist", { recursive: true });
// Bundles and caches of earlier builds; what else is in dist, others have built.
for (const name of readdirSync("dist")) if (/\.cjs(\.cache)?$/.test(name)) rmSync(`dist/${name}`);
const built = await Promise.all([
  build({
    ...PROGRAM,
    entryPoints: ["src/ipvsadm.ts"],
    alias: { ...PROGRAM.alias, os: "./src/netlink/late-os.cts" },
    banner: { js: WRAPPER },
  }),
  build({
    ...PROGRAM,
    entryPoints: ["ipvsadm-save", "ipvsadm-restore", "lvs-realserver", "lvs-director"].map((name) => `src/${name}.ts`),
    // yargs asks where it is.
    define: { "import.meta.url": "moduleUrl" },
    banner: { js: `${WRAPPER}const moduleUrl=require('node:url').pathToFileURL(__filename).href;` },
  }),
  build({ ...COMMON, entryPoints: { "make-code-cache": "src/code-cache/make.ts", "pin-node": "src/after-install.ts" } }),
]);
copyFileSync("src/check-node.cjs", "dist/check-node.cjs");
writeFileSync("dist/third-party-licences.txt", licencesOf(built.flatMap(({ metafile }) => metafile ?? [])));
execFileSync(process.execPath, ["dist/make-code-cache.cjs"], { stdio: "inherit" });
