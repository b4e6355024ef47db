/** Web servers whose only page says which server it came from. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Machine, Service } from "./cluster";

/**
 * Answers every request for "/" with the name and a newline, over IPv4 and IPv6, on every address of the machine.
 * It goes on until the cluster is removed, or until the service is stopped.
 */
export const serve = async (machine: Machine, name = machine.name, port = 80): Promise<Service> => {
  // In the lab's own /tmp, which goes away with the kernel.
  const root = mkdtempSync(join(tmpdir(), "www-"));
  writeFileSync(join(root, "index.html"), `${name}\n`);
  const service = machine.start(["busybox", "httpd", "-f", "-p", String(port), "-h", root]);
  await service.listening(port);
  return service;
};
