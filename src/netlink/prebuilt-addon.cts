/**
 * Stands in the bundle for node-gyp-build, by which the netlink package loads
 * its addon: that looks through folders and a configuration for what is
 * nearly always the one prebuilt file, and costs a tenth of what a command
 * costs. What is not there is still left to it.
 */
function load(): unknown {
  try {
    return require(`netlink/prebuilds/linux-${process.arch}/node.napi.node`);
  } catch {
    const { createRequire } = require("node:module") as typeof import("node:module");
    const { dirname } = require("node:path") as typeof import("node:path");
    const late = createRequire(__filename);
    return late("node-gyp-build")(dirname(late.resolve("netlink/package.json")));
  }
}

export = load;
