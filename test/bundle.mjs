/** Bundles the tests: build/ for Node.js, and build/bun/ the suites that are also run by Bun, over its socket. */
import { rmSync } from "node:fs";
import { build } from "esbuild";

/** @type {import("esbuild").BuildOptions} */
const COMMON = {
  bundle: true,
  sourcemap: "inline",
  platform: "node",
  target: "node20.19",
  external: ["netlink", "esbuild", "bun:ffi"],
  outbase: "test",
  outExtension: { ".js": ".cjs" },
  logLevel: "warning",
  define: { "import.meta.url": "moduleUrl" },
  banner: { js: "const moduleUrl=require('node:url').pathToFileURL(__filename).href;" },
};

rmSync("build", { recursive: true, force: true });
await Promise.all([
  build({ ...COMMON, entryPoints: ["test/**/*.ts"], outdir: "build" }),
  build({ ...COMMON, entryPoints: ["test/differential/*.ts", "test/restore/*.ts"], outdir: "build/bun", conditions: ["bun"] }),
]);
