/** Whose code is in a bundle: npm packages, by the files that esbuild put there. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The licences of all packages, each under its name and version. Throws where one has none.
 * @param {readonly import("esbuild").Metafile[]} metafiles
 * @returns {string}
 */
export function licencesOf(metafiles) {
  const outputs = metafiles.flatMap((metafile) => Object.values(metafile.outputs));
  const files = outputs.flatMap(({ inputs }) => Object.keys(inputs));
  const folders = new Set(files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? []));
  // One version of a package may lie in several folders.
  const licences = new Set([...folders].sort().map(licence));
  return [...licences].join("\n");
}

/** @param {string} folder */
function licence(folder) {
  /** @type {{ name: string, version: string }} */
  const { name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  if (file === undefined) throw new Error(`${folder} has no licence, and is in a bundle`);
  return `---- ${name} ${version}\n\n${readFileSync(join(folder, file), "utf8").replace(/\r/g, "").trim()}\n`;
}
