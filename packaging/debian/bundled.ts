/** The npm packages that are in the executable. */
import { build, type Metafile } from "esbuild";
import { BUNDLES } from "../../src/standalone/layout";

/** As the bundler of the npm package finds them: Bun's does not say. */
export async function bundled(): Promise<Metafile> {
  const { metafile } = await build({
    entryPoints: BUNDLES.map((name) => `src/${name}.ts`),
    bundle: true,
    write: false,
    metafile: true,
    splitting: true,
    format: "esm",
    platform: "node",
    outdir: "unused",
    conditions: ["bun"],
    external: ["bun:*"],
    logLevel: "error",
  });
  return metafile;
}
