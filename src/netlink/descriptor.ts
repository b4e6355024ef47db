import { closeSync, openSync, readlinkSync } from "node:fs";

/**
 * What `make` gives, a socket, with its file descriptor: the lowest that is
 * free, as POSIX has it, so that what is opened just before gets the same.
 * Undefined where /proc does not say that it is a socket.
 */
export function withDescriptor<T>(make: () => T): [T, descriptor: number | undefined] {
  const descriptor = lowestFree();
  return [make(), descriptor !== undefined && isSocket(descriptor) ? descriptor : undefined];
}

function lowestFree(): number | undefined {
  try {
    const descriptor = openSync("/", "r");
    closeSync(descriptor);
    return descriptor;
  } catch {
    return undefined;
  }
}

function isSocket(descriptor: number): boolean {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`).startsWith("socket:");
  } catch {
    return false;
  }
}
