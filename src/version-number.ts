import { version } from "../package.json";

/** This package's own version; that of `ipvsadm -v` is the one it stands in for. */
export const VERSION_NUMBER = version;
