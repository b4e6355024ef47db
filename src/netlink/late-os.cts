/**
 * Stands in the bundle of ipvsadm for node:os, of which the netlink package
 * wants a number where a port is taken, and else nothing: loading it costs
 * milliseconds.
 */
export = {
  get constants() {
    return (require("node:os") as typeof import("node:os")).constants;
  },
};
