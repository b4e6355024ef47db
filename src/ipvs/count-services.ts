/** How many services the kernel says that it has. */
import { contents } from "../files/contents";

/** More than the file has: some twenty lines. */
const ROOM = 4_096;
const COUNT = /^Services:\s+([0-9]+)$/m;

/** As Linux counts them from 7 on (ip_vs_status_show in ip_vs_ctl.c); undefined where it does not. */
export function countServices(): number | undefined {
  let bytes: Uint8Array;
  try {
    bytes = contents("/proc/net/ip_vs_status", ROOM);
  } catch {
    return undefined;
  }
  const found = COUNT.exec(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1"));
  return found === null ? undefined : Number(found[1]);
}
