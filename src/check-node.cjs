/**
 * check-node [PROGRAM]: fails, with one line, where this Node.js is older than package.json asks for. The set-up
 * (test/setup) runs this file, and npm its copy in dist/, before anything that an old Node.js cannot read: so its
 * syntax and its functions are those of the oldest ones.
 */
"use strict";
var wanted = require("../package.json").engines.node.replace(/^>=/, "");
var found = process.versions.node;
var difference = 0;
for (var part = 0; part < 2 && difference === 0; part++) {
  difference = Number(found.split(".")[part]) - Number(wanted.split(".")[part]);
}
if (difference < 0) {
  console.error((process.argv[2] || "ipvsadm") + ": Node.js " + found + " is too old: " + wanted + " or newer is needed");
  process.exit(1);
}
