import type { NativeSocket } from "./npm-socket";

/** The npm package and its addon are a good part of what starting costs, and cannot be loaded everywhere. Throws where they cannot. */
export const loadNativeSocket = async (): Promise<typeof NativeSocket> => (await import("./npm-socket")).NativeSocket;
