/**
 * Bundles the tests: build/ for Node.js; for Bun, and over its socket, the
 * suites of build/bun/ and the units of build/unit-bun/.
 */
import { readdirSync, rmSync } from "node:fs";
import { build } from "esbuild";

/** @type {import("esbuild").BuildOptions} */
const COMMON = {
  bundle: true,
  sourcemap: "inline",
  platform: "node",
  target: "node20.19",
  external: ["netlink", "esbuild", "bun:*"],
  outbase: "test",
  outExtension: { ".js": ".cjs" },
  logLevel: "warning",
  define: { "import.meta.url": "moduleUrl" },
  banner: { js: "const moduleUrl=require('node:url').pathToFileURL(__filename).href;" },
};

/** What is about the build for Node.js alone. */
const NOT_BUN = "code-cache.test.ts";
const BUN = { ...COMMON, conditions: ["bun"] };
const units = readdirSync("test/unit").filter((name) => name.endsWith(".test.ts") && name !== NOT_BUN);

rmSync("build", { recursive: true, force: true });
await Promise.all([
  build({ ...COMMON, entryPoints: ["test/**/*.ts"], outdir: "build" }),
  build({ ...BUN, entryPoints: ["test/differential/*.ts", "test/restore/*.ts"], outdir: "build/bun" }),
  build({ ...BUN, entryPoints: units.map((name) => `test/unit/${name}`), outbase: "test/unit", outdir: "build/unit-bun" }),
]);
