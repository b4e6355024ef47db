/** The npm packages that are in the executable, and their licences. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { BUNDLES } from "../../src/standalone/layout";

/** Each by its folder, as the bundler of the npm package finds them: Bun's does not say. */
async function bundled(): Promise<string[]> {
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
    logLevel: "error",
  });
  const files = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs));
  const folders = files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? []);
  return [...new Set(folders)].sort();
}

function licence(folder: string): string {
  const { name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { name: string; version: string };
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  if (file === undefined) throw new Error(`${folder} has no licence, and is in the executable`);
  return `\n---- ${name} ${version}\n\n${readFileSync(join(folder, file), "utf8").replace(/\r/g, "").trim()}\n`;
}

export const licences = async (): Promise<string> => (await bundled()).map(licence).join("");
