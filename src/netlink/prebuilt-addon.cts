/**
 * Stands in the bundle for node-gyp-build, by which the netlink package loads
 * its addon: that looks through folders and a configuration for what is
 * nearly always the one prebuilt file, and costs a tenth of what a command
 * costs; looking for the package's folder still costs a third of that, and it
 * is nearly always beside dist. What is not there is left to node-gyp-build.
 */
function load(): unknown {
  const addon = { exports: {} };
  try {
    process.dlopen(addon, `${__dirname}/../node_modules/netlink/prebuilds/linux-${process.arch}/node.napi.node`);
    return addon.exports;
  } catch {
    const { createRequire } = require("node:module") as typeof import("node:module");
    const { dirname } = require("node:path") as typeof import("node:path");
    const late = createRequire(__filename);
    return late("node-gyp-build")(dirname(late.resolve("netlink/package.json")));
  }
}

export = load;
